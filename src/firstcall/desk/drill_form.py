"""The forms of a game day: planning one, and what follows from a line of what it showed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstcall.learn.models.postmortem import Klass
from firstcall.people.models.user import User
from firstcall.ready.queries.flow import flows_by_criticality

LIVING = User.objects.filter(is_active=True).order_by("name", "id")


def _said(sentence: Any) -> dict[str, Any]:
    return {"required": sentence, "invalid": sentence, "invalid_choice": sentence}


def _day(label: Any, wrong: Any) -> forms.DateField:
    return forms.DateField(
        label=label, error_messages=_said(wrong), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DrillForm(forms.Form):
    """A game day to plan."""

    flow = forms.ModelChoiceField(
        label=_("What breaks"), queryset=flows_by_criticality(), to_field_name="slug", empty_label=None,
        error_messages=_said(_("Choose the flow that is said to break.")),
    )  # fmt: skip
    pretend = forms.CharField(
        label=_("We pretend that"), max_length=160, error_messages=_said(_("Say what we pretend is broken."))
    )
    day = _day(_("On"), _("Choose a day."))
    leader = forms.ModelChoiceField(
        label=_("Who leads"), queryset=LIVING, empty_label=None, error_messages=_said(_("Choose who leads."))
    )
    pages = forms.BooleanField(label=_("Wake the path: its pages say PRACTICE first"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["min"] = today.isoformat()


class FollowForm(forms.Form):
    """Somebody does something about `line` until a day."""

    finding = forms.CharField(widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("What will be done"), max_length=300, error_messages=_said(_("Write what will be done."))
    )
    owner = forms.ModelChoiceField(
        label=_("Who does it"), queryset=LIVING, empty_label=_("Choose"),
        error_messages=_said(_("Choose who does it: what everybody owns, nobody does.")),
    )  # fmt: skip
    due = _day(_("Until"), _("Give a day until which it is done."))
    klass = forms.ChoiceField(
        label=_("Where it belongs"), choices=[pair for pair in Klass.choices if pair[0] != Klass.NONE],
        initial=Klass.PROCESS, error_messages=_said(_("Choose where it belongs.")),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, line: str, place: int, today: dt.date) -> None:
        """`place` tells the forms of a page apart."""
        super().__init__(data, initial={"finding": line}, auto_id=f"id_{place}_%s")
        self.fields["due"].widget.attrs["min"] = today.isoformat()
