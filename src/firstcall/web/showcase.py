"""What the components page shows: one moment of one story, told with the pieces of the house."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from firstcall.detect.rules.picture import history
from firstcall.kernel import clock
from firstcall.respond.queries.lifeline import RIGHT, LifeLine, Moment, lay_out, spans_of

SWATCHES = [
    ("canvas", lazy("the ground")),
    ("surface", lazy("what can be filled in")),
    ("sunken", lazy("pressed, read only")),
    ("ink", lazy("what to read")),
    ("ink-2", lazy("beside it")),
    ("ink-3", lazy("least")),
    ("accent", lazy("what can be done")),
    ("bad", lazy("broken now")),
    ("late", lazy("late")),
    ("well", lazy("known to be well")),
]


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=lazy("Name"), help_text=lazy("What others read."))
    since = forms.CharField(label=lazy("Since when?"))
    seen = forms.CharField(label=lazy("What do you see?"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    flow = forms.ChoiceField(label=lazy("Flow"), choices=[("checkout", "Checkout"), ("payouts", "Payouts")])
    critical = forms.ChoiceField(
        label=lazy("How critical"),
        choices=[("critical", lazy("Critical")), ("minor", lazy("Minor"))],
        widget=forms.RadioSelect,
    )
    practice = forms.BooleanField(label=lazy("This is practice"), help_text=lazy("Nobody is woken."), required=False)

    def clean_since(self) -> str:
        raise forms.ValidationError(_("23:54 is in the future. Did you mean 22:54?"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sample timeline."""

    at: dt.datetime
    glyph: str
    sentence: str
    note: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """How many minutes of a day failed."""

    day: dt.date
    minutes: int


def _entries(start: dt.datetime) -> list[Entry]:
    def at(minutes: int) -> dt.datetime:
        return start + dt.timedelta(minutes=minutes)

    return [
        Entry(at(13), "decision", _("Decision opened or made"), note=_("and when it is looked at again")),
        Entry(at(12), "pin", _("Pinned by a person")),
        Entry(at(11), "need", _("Need asked or met")),
        Entry(at(11), "words", _("Words sent to an audience"), quote=_("Quoted as sent.")),
        Entry(at(6), "clock", _("A promise, and when it is due")),
        Entry(at(5), "report", _("Report from a customer")),
        Entry(at(4), "person", _("Person took or handed over a role")),
        Entry(at(2), "machine", _("Machine: alert, page, status of a provider")),
        Entry(at(0), "break", _("Impact began")),
    ]


def _lifeline(start: dt.datetime, now: dt.datetime) -> LifeLine:
    told = [("impact", 0, _("Impact")), ("alert", 2, _("Alert")), ("has_it", 4, "Ben"), ("report", 5, _("Report")),
            ("public", 11, _("Public"))]  # fmt: skip
    zone = get_current_timezone()
    moments = [Moment(what, start + dt.timedelta(minutes=after), label) for what, after, label in told]
    marks = lay_out(moments, end=now, times=[f"{moment.at.astimezone(zone):%H:%M}" for moment in moments])
    return LifeLine(
        tuple(marks), ((marks[0].x, RIGHT),), _("now"), f"{now.astimezone(zone):%H:%M}", tuple(spans_of(moments))
    )


def everything() -> dict[str, Any]:
    """The context of the page, told as of now."""
    now = clock.now()
    start = now - dt.timedelta(minutes=18)
    today = now.date()
    ninety = [Day(today - dt.timedelta(days=89 - n), {60: 43, 71: 6, 89: 18}.get(n, 0)) for n in range(90)]
    fired = [(today - dt.timedelta(days=day), "page" if day % 3 else "drop") for day in (1, 1, 1, 2, 4, 5, 9, 9, 20)]
    return {
        "swatches": SWATCHES,
        "severities": [1, 2, 3, 4],
        "states": ["triage", "investigating", "identified", "monitoring", "resolved", "closed"],
        "icons": [
            "check",
            "clock",
            "copy",
            "decision",
            "fail",
            "machine",
            "menu",
            "need",
            "no",
            "person",
            "phone",
            "pin",
            "report",
            "slow",
            "tick",
            "unknown",
            "words",
        ],
        "start": start,
        "soon": now + dt.timedelta(minutes=4),
        "form": Sample({"name": "Checkout", "since": "23:54", "flow": "checkout", "critical": "critical"}),
        "entries": _entries(start),
        "line": _lifeline(start, now),
        "spark": history(fired, today=today),
        "part": {"name": "Checkout", "days": ninety, "bad": [day for day in ninety if day.minutes]},
        "said": [
            Message(SUCCESS, _("Posted to 1,243 subscribers and 3 teams.")),
            Message(WARNING, _("Leadership’s word is 2 minutes late.")),
            Message(ERROR, _("Not posted: the connection broke. Your words are kept on this page.")),
        ],
    }
