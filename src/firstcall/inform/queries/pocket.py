"""The pocket sheet: what one needs on paper in the night when this product is gone as well."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from firstcall.inform.models.status_page import StatusPage
from firstcall.people.models.user import User
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.queries.path import told_steps

AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Turn:
    """`person` (None: nobody) from `starts` until `ends`."""

    person: User | None
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class PathLine:
    """A path in words: who is asked, people and schedules, and how many minutes one waits."""

    name: str
    steps: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Pocket:
    """`as_of` is when it was true. `people` are all who stand on it, each once, by name."""

    as_of: dt.datetime
    schedules: list[tuple[str, list[Turn]]]
    people: list[User]
    paths: list[PathLine]
    providers: list[Provider]
    flows: list[Flow]
    pages: list[tuple[str, str]]


def pocket_sheet(*, now: dt.datetime) -> Pocket:
    """All of it. Twelve statements, however much there is."""
    schedules, named = [], dict[int, User]()
    for plan in all_plans():
        turns = [
            Turn(plan.people[held.user] if held.user is not None else None, held.starts, held.ends)
            for held in plan.shifts(start=now, end=now + AHEAD)
        ]
        named |= {turn.person.pk: turn.person for turn in turns if turn.person}
        schedules.append((plan.schedule.name, turns))
    paths = []
    for path in EscalationPath.objects.prefetch_related("steps__user", "steps__schedule"):
        rows = list(path.steps.all())
        named |= {row.user.pk: row.user for row in rows if row.user is not None and row.user.is_active}
        paths.append(PathLine(path.name, told_steps(rows)))
    flows = list(Flow.objects.filter(criticality=Criticality.CRITICAL).select_related("owner"))
    named |= {flow.owner.pk: flow.owner for flow in flows if flow.owner is not None and flow.owner.is_active}
    return Pocket(
        as_of=now,
        schedules=schedules,
        people=sorted(named.values(), key=lambda one: (one.name, one.pk)),
        paths=paths,
        providers=list(Provider.objects.all()),
        flows=flows,
        pages=[
            (page.name, f"{settings.BASE_URL}/{'private' if page.private else 'status'}/{page.slug}/")
            for page in StatusPage.objects.all()
        ],
    )
