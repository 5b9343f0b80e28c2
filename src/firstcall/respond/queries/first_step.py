"""The first steps of what broke, and which of them were done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from firstcall.detect.models.group import AlertGroup
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.first_steps import MOST_STEPS, lines_of
from firstcall.respond.models.first_step import FirstStepTick
from firstcall.respond.models.incident import Incident


@dataclass(frozen=True, slots=True)
class Step:
    """One line; `minutes` after the opening it was done at `at` by `name`, all None while it was not."""

    text: str
    at: dt.datetime | None = None
    name: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What is prepared for one part. `key` is its 'noun:id', `tried` the day of the last drill."""

    key: str
    name: str
    lines: tuple[Step, ...]
    link: str
    tried: dt.date | None


def parts_of(incident: Incident) -> dict[str, Flow | Component | Provider]:
    """What fires, the first one first, then the flow, then what it needs itself; by 'noun:id'. Two statements."""
    groups = AlertGroup.objects.filter(incident=incident.pk, component__isnull=False).select_related("component")
    found: dict[str, Flow | Component | Provider] = {
        f"component:{group.component.pk}": group.component
        for group in groups.order_by("opened_at", "id")
        if group.component is not None
    }
    if incident.flow is None:
        return found
    found[f"flow:{incident.flow.pk}"] = incident.flow
    rows = Dependency.objects.filter(flow=incident.flow).select_related("component", "provider")
    for row in rows.order_by("-hard", "component__name", "provider__name", "id"):
        if row.component is not None:
            found.setdefault(f"component:{row.component.pk}", row.component)
        if row.provider is not None:
            found.setdefault(f"provider:{row.provider.pk}", row.provider)
    return found


def ticks_of(incident: Incident, *, viewer: User) -> list[FirstStepTick]:
    """What was done of them, the earliest first; none for who may not see the incident. One statement."""
    rows = visible(FirstStepTick.objects.filter(incident=incident), viewer=viewer, field="incident")
    return list(rows.select_related("ticked_by").order_by("ticked_at", "id"))


def first_steps_of(incident: Incident, *, viewer: User) -> list[Steps]:
    """The prepared steps of every part that has some, with their ticks. Three statements."""
    done = {(tick.part, tick.step): tick for tick in ticks_of(incident, viewer=viewer)}

    def lines(key: str, text: str) -> Iterator[Step]:
        for line in lines_of(text):
            tick = done.get((key, line))
            if tick is None:
                yield Step(line)
            else:
                name = tick.ticked_by.name if tick.ticked_by else ""
                yield Step(line, tick.ticked_at, name, minutes_in(incident, tick.ticked_at))

    return [
        Steps(key, part.name, tuple(lines(key, part.first_steps)), part.first_steps_link, part.first_steps_tried)
        for key, part in parts_of(incident).items()
        if part.first_steps or part.first_steps_link
    ]


def minutes_in(incident: Incident, at: dt.datetime) -> int:
    """Whole minutes since the room opened."""
    return max(0, int((at - incident.opened_at).total_seconds() // 60))


def few(found: list[Steps]) -> list[Steps]:
    """What fits a page that wakes: whole parts, seven lines at most; a part is never cut in two."""
    shown, left = [], MOST_STEPS
    for part in found:
        if len(part.lines) <= left:
            shown.append(part)
            left -= len(part.lines)
    return shown
