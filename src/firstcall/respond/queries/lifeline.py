"""An incident's life as one line: what happened when, and the four spans that tell how quick we were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from firstcall.detect.models.group import AlertGroup
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of

WIDTH, AXIS = 800, 64
LEFT, RIGHT = 40, 760
CHAR = 8.4  # average width of a character at 14 px
LEVELS = (34, 112, 14, 132)  # baselines of the labels: above, below, further above, further below
SEEN = {
    "report.filed": "report",
    "report.joined": "report",
    "escalation.step_run": "page",
    "page.acknowledged": "has_it",
    "update.published": "word",
    "incident.recovered": "recovered",
    "incident.resolved": "resolved",
}


TOLD_BY = ("report", "alert")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened; `what` names it, `label` is what the picture says."""

    what: str
    at: dt.datetime
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """Whole minutes between two moments; None when one is missing."""

    label: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the picture. `x` in its units; `y` is the label's baseline, None when there was no room for one."""

    moment: Moment
    time: str
    x: float
    y: int | None
    anchor: float
    stem: tuple[float, float]

    @property
    def square(self) -> float:
        """The left edge of the square that marks the impact."""
        return self.x - 6


@dataclass(frozen=True, slots=True)
class LifeLine:
    """The picture. `bad` is where the impact lay, empty while it isn't known."""

    marks: tuple[Mark, ...]
    bad: tuple[tuple[float, float], ...]
    end_label: str
    end_time: str
    spans: tuple[Span, ...]

    @property
    def report_first(self) -> bool:
        """Whether somebody told us before any alert did."""
        return next((mark.moment.what == "report" for mark in self.marks if mark.moment.what in TOLD_BY), False)


def moments_of(incident: Incident, groups: Sequence[AlertGroup]) -> list[Moment]:
    """The first of each kind of thing, in order. One statement."""
    found: dict[str, Moment] = {}
    if incident.impact_started_at is not None:
        found["impact"] = Moment("impact", incident.impact_started_at, _("Impact"))
    labels = {
        "alert": _("Alert"),
        "report": _("Report"),
        "page": _("Page"),
        "word": _("Inside"),
        "public": _("Public"),
        "recovered": _("Quiet"),
        "resolved": _("Resolved"),
    }
    fired = [alert.first_at for group in groups for alert in group.alerts.all()]
    if fired:
        found["alert"] = Moment("alert", min(fired), labels["alert"])
    rows = entries_of(incident).filter(kind__in=list(SEEN)).order_by("at", "id")
    for entry in rows:
        what = SEEN[entry.kind]
        facts = entry.facts.data
        if what == "word" and "public" in (facts.get("audience"), *(facts.get("audiences") or ())):
            what = "public"
        label = str(facts.get("user", "")) if what == "has_it" else labels[what]
        # A report counts from when it was written, whenever it was brought into the room.
        at = dt.datetime.fromisoformat(facts["filed_at"]) if facts.get("filed_at") else entry.at
        if what == "report" and what in found and at < found[what].at:
            found.pop(what)
        if what == "resolved":
            found.pop("resolved", None)
        found.setdefault(what, Moment(what, at, label))
    return sorted(found.values(), key=lambda moment: moment.at)


def lay_out(moments: Sequence[Moment], *, end: dt.datetime, times: Sequence[str]) -> list[Mark]:
    """Where each moment and its label lie. `times` are the wall times written beside the labels, one a moment.

    A label takes the first level where it touches no other; without room it is left out, the mark stays.
    """
    if not moments:
        return []
    start = moments[0].at
    taken: dict[int, float] = {level: float("-inf") for level in LEVELS}
    marks = []
    for number, (moment, time) in enumerate(zip(moments, times, strict=True)):
        x = _x(moment.at, start=start, end=end)
        half = CHAR * (len(moment.label) + 1 + len(time)) / 2
        middle = min(max(x, half), WIDTH - half)
        levels = LEVELS if number % 2 == 0 else (LEVELS[1], LEVELS[0], LEVELS[3], LEVELS[2])
        level = next((one for one in levels if taken[one] < middle - half), None)
        if level is not None:
            taken[level] = middle + half + CHAR
        stem = (AXIS, AXIS)
        if level is not None:
            stem = (level + 6, AXIS - 8) if level < AXIS else (AXIS + 8, level - 14)
        marks.append(Mark(moment, time, round(x, 1), level, round(middle, 1), stem))
    return marks


def _x(at: dt.datetime, *, start: dt.datetime, end: dt.datetime) -> float:
    share = (at - start).total_seconds() / max((end - start).total_seconds(), 1.0)
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share))


def spans_of(moments: Sequence[Moment]) -> list[Span]:
    """How quick we were, as far as both ends are known."""
    at = {moment.what: moment.at for moment in moments}

    def minutes(start: str, end: str) -> int | None:
        if start not in at or end not in at:
            return None
        return max(0, int((at[end] - at[start]).total_seconds() // 60))

    spans = [
        Span(_("impact to first alert"), minutes("impact", "alert")),
        Span(_("page to ‘I have it’"), minutes("page", "has_it")),
        Span(_("impact to first public word"), minutes("impact", "public")),
    ]
    if "alert" in at and "report" in at:
        early = at["alert"] <= at["report"]
        spans.insert(
            2,
            Span(_("alert before first report"), minutes("alert", "report"))
            if early
            else Span(_("report before first alert"), minutes("report", "alert")),
        )
    return [span for span in spans if span.minutes is not None]


def draw(incident: Incident, groups: Sequence[AlertGroup], *, now: dt.datetime, zone: dt.tzinfo) -> LifeLine:
    """The life line as it stands, times in the reader's zone. One statement."""
    moments = moments_of(incident, groups)
    end = incident.ended or now
    shown = [moment for moment in moments if moment.at <= end]
    marks = lay_out(shown, end=end, times=[f"{moment.at.astimezone(zone):%H:%M}" for moment in shown])
    impact = incident.impact(now=now) if incident.impact_started_at is not None and shown else ()
    ends = [tuple(round(_x(at, start=shown[0].at, end=end), 1) for at in span) for span in impact]
    return LifeLine(
        marks=tuple(marks),
        bad=tuple((since, until) for since, until in ends),
        end_label=_("now") if end == now else _("over"),
        end_time=f"{end.astimezone(zone):%H:%M}",
        spans=tuple(spans_of(moments)),
    )
