"""Asking a colleague to take a shift, and answering."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.ready.commands.swap import accept_swap, ask_swap, decline_swap
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.models.swap import Swap
from firstcall.ready.pages.forms import refuse
from firstcall.ready.queries.oncall import LOOK_AHEAD, Plan, plan_of
from firstcall.ready.rules.schedule import Held
from firstcall.ready.rules.window import Span


class SwapForm(forms.Form):
    """Which shift, who takes it, and which of theirs comes back."""

    shift = forms.ChoiceField(label=gettext_lazy("Your shift"))
    asked = forms.TypedChoiceField(label=gettext_lazy("Who shall take it"), coerce=int)
    back = forms.ChoiceField(
        label=gettext_lazy("You take in return"), required=False,
        help_text=gettext_lazy("A shift of the colleague you ask, or nothing."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("A word to them"), required=False, max_length=300)

    def __init__(self, *args: Any, plan: Plan, viewer: User, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # the same names all day
        coming = plan.shifts(start=today, end=today + LOOK_AHEAD)
        held = [one for one in coming if one.user is not None and one.ends > now]
        mine = [one for one in held if one.user == viewer.pk]
        theirs = [one for one in held if one.user != viewer.pk]
        colleagues = [(user.pk, user.name) for user in active_people() if user.pk != viewer.pk]
        self.fields["shift"].choices = [(_key(one), _words(one, now=now)) for one in mine]  # type: ignore[attr-defined]
        self.fields["asked"].choices = [("", _("Choose a person")), *colleagues]  # type: ignore[attr-defined]
        named = [(_key(one), f"{plan.people[one.user or 0].name}: {_words(one, now=now)}") for one in theirs]
        self.fields["back"].choices = [("", _("Nothing")), *named]  # type: ignore[attr-defined]

    def why_not(self) -> str:
        """Why there is nothing to ask; '' when there is."""
        if not self.fields["shift"].choices:  # type: ignore[attr-defined]
            return _("You hold no shift here in the next 60 days: there is nothing to give away.")
        if len(self.fields["asked"].choices) == 1:  # type: ignore[attr-defined]
            return _("There is nobody else here yet. An admin invites people under People.")
        return ""


def _key(held: Held) -> str:
    return f"{held.starts.isoformat()} {held.ends.isoformat()}"


def _words(held: Held, *, now: dt.datetime) -> str:
    """Short, by the reader's clock; one that has begun says only when it ends."""
    starts, ends = (f"{date_format(at, 'D j M')} {at:%H:%M}" for at in map(localtime, (held.starts, held.ends)))
    if held.starts <= now:
        return _("from now until {ends}").format(ends=ends)
    return _("{starts} until {ends}").format(starts=starts, ends=ends)


def _span(key: str) -> Span | None:
    return Span(*map(dt.datetime.fromisoformat, key.split(" "))) if key else None


@needs("read")
@require_http_methods(["GET", "POST"])
def swap_new(request: HttpRequest, number: int) -> HttpResponse:
    """Whoever holds shifts may ask: that takes no further access."""
    viewer, now = viewer_of(request), clock.now()
    row = get_object_or_404(Schedule, pk=number)
    form = SwapForm(request.POST or None, plan=plan_of(row), viewer=viewer, now=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        shift = _span(said["shift"])
        asked = get_object_or_404(User, pk=said["asked"])
        assert shift is not None
        try:
            made = ask_swap(
                schedule=row, asker=viewer, asked=asked, shift=shift, back=_span(said["back"]), note=said["note"],
                by=actor_of(viewer), now=now,
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is asked by mail.") % {"name": asked.name})
            return redirect("swap", made.pk)
    context = {"form": form, "schedule": row, "why_not": form.why_not()}
    return render(request, "ready/schedule/swap_new.html", context, status=422 if form.errors else 200)


@needs("read")
@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, number: int) -> HttpResponse:
    """What is asked, and the answer; for the two it concerns."""
    viewer, now = viewer_of(request), clock.now()
    rows = Swap.objects.select_related("schedule", "asker", "asked").filter(Q(asker=viewer) | Q(asked=viewer))
    row = get_object_or_404(rows, pk=number)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "accept" and row.asked_id == viewer.pk:
                accept_swap(swap=row, by=actor_of(viewer), now=now)
                messages.success(request, _("You have it. %(name)s is told by mail.") % {"name": row.asker.name})
            else:
                decline_swap(swap=row, by=actor_of(viewer), now=now)
                messages.success(request, _("Nothing changes."))
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("swap", row.pk)
    return render(request, "ready/schedule/swap.html", {"swap": row, "late": row.ends <= now})
