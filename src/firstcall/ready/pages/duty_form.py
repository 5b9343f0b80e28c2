"""The form that names who would hold a role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from firstcall.kernel.refusal import Refused
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.models.duty import Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import DAYS, LIVING, clock_input
from firstcall.ready.rules.severity import ALL_ROLES
from firstcall.ready.rules.severity_rule import ROLES
from firstcall.ready.rules.window import EVERY_DAY, Window


class DutyForm(forms.Form):
    """A role, for what, who, the deputy, and in which hours."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role, gettext_lazy(ROLES[role])) for role in ALL_ROLES])
    place = forms.ChoiceField(label=_("For"), required=False, help_text=_("The nearest wins: a flow, then its team."))
    holder = forms.ChoiceField(label=_("Who"))
    deputy = forms.ChoiceField(
        label=_("Deputy"), required=False, help_text=_("Steps in when the first has left or nobody is on call.")
    )
    days = forms.MultipleChoiceField(
        label=_("Only on"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on every day."),
    )  # fmt: skip
    hours_from = forms.TimeField(label=_("From"), required=False, widget=clock_input())
    hours_to = forms.TimeField(
        label=_("until"), required=False, widget=clock_input(),
        help_text=_("Both empty: all day. An earlier hour means the next morning."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schedules, people = list(Schedule.objects.all()), list(LIVING.all())
        self.targets: dict[str, User | Schedule] = {f"user:{one.pk}": one for one in people}
        self.targets |= {f"schedule:{one.pk}": one for one in schedules}
        self.places: dict[str, Flow | Team] = {f"flow:{one.pk}": one for one in Flow.objects.all()}
        self.places |= {f"team:{one.pk}": one for one in Team.objects.all()}
        names = [(f"user:{one.pk}", one.name) for one in people]
        names += [
            (f"schedule:{one.pk}", gettext("Whoever is on call: {name}").format(name=one.name)) for one in schedules
        ]
        self._choose("holder", [("", gettext("Choose a person")), *names])
        self._choose("deputy", [("", gettext("Nobody")), *names])
        words = {"flow": gettext("Flow: {name}"), "team": gettext("Team: {name}")}
        self._choose(
            "place",
            [
                ("", gettext("everything")),
                *((key, words[key.partition(":")[0]].format(name=one.name)) for key, one in self.places.items()),
            ],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def said(self) -> dict[str, Any]:
        """As `set_duty` takes it. Raises Refused."""
        said = self.cleaned_data
        begins, ends = said["hours_from"], said["hours_to"]
        if (begins is None) != (ends is None):
            raise Refused(gettext("Give both hours, or neither."), field="hours_to")
        days = frozenset(map(int, said["days"])) or EVERY_DAY
        windows = (
            () if not said["days"] and begins is None else (Window(days, begins or dt.time(0), ends or dt.time(0)),)
        )
        return {
            "role": said["role"], "holder": self.targets[said["holder"]], "deputy": self.targets.get(said["deputy"]),
            "place": self.places.get(said["place"]), "windows": windows,
        }  # fmt: skip


def initial_of(row: Duty | None, *, flow: str = "") -> dict[str, Any]:
    """What the form shows of a duty; a new one is for the flow of this number, if it is one."""
    if row is None:
        return {"place": f"flow:{flow}"} if flow.isdecimal() else {}
    place = f"flow:{row.flow_id}" if row.flow_id else f"team:{row.team_id}" if row.team_id else ""
    deputy = f"user:{row.deputy_id}" if row.deputy_id else ""
    deputy = f"schedule:{row.deputy_schedule_id}" if row.deputy_schedule_id else deputy
    initial: dict[str, Any] = {
        "role": row.role, "place": place, "deputy": deputy,
        "holder": f"user:{row.user_id}" if row.user_id else f"schedule:{row.schedule_id}",
    }  # fmt: skip
    if row.windows:
        window = row.windows[0]
        initial |= {"days": list(window["days"]), "hours_from": window["from"], "hours_to": window["to"]}
    return initial
