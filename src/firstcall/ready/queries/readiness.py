"""How ready the house is: read from what was prepared, day by day, with what people said of the holes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency, Fallback
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationStep
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.readiness import HoleCare, ReadinessDay
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import Plan, all_plans
from firstcall.ready.queries.ripple import edge_of
from firstcall.ready.rules.readiness import (
    CustomerFacts,
    FlowFacts,
    Gap,
    Hole,
    PathFacts,
    Prepared,
    ProviderFacts,
    Readiness,
    ScheduleFacts,
    readiness_of,
)
from firstcall.ready.rules.ripple import ripple

AHEAD = dt.timedelta(days=7)  # gaps that begin within it are told
FAR = dt.timedelta(days=60)  # where one ends is looked for within it
SHORT = dt.timedelta(minutes=1)
SHOWN = 30  # days of history


@dataclass(frozen=True, slots=True)
class Mended:
    """A hole of the last days that is closed now; `last` is the last day it was open."""

    text: str
    last: dt.date


def today(now: dt.datetime) -> dt.date:
    """The day of the organisation's zone."""
    return now.astimezone(ZoneInfo(settings.ENV["FIRSTCALL_ZONE"])).date()


def readiness(
    *, sources: int, now: dt.datetime, plans: Sequence[Plan] | None = None, flows: Sequence[Flow] | None = None
) -> Readiness:
    """All that holds and all that does not. `sources` is how many sources of alerts there are; `plans` of all schedules
    and all `flows`, the most critical first, are for who has read them already. Ten statements at most."""
    flows = list(flows_by_criticality()) if flows is None else flows
    paths = _paths()
    customers = Customer.objects.filter(contract=True).order_by("name").values_list("pk", "name", "phone")
    return readiness_of(
        Prepared(
            flows=tuple(_flow(flow, only=len(paths) == 1) for flow in flows),
            schedules=tuple(_schedule(plan, now=now) for plan in (all_plans() if plans is None else plans)),
            paths=paths,
            providers=_providers(flows),
            customers=tuple(CustomerFacts(pk, name, bool(phone)) for pk, name, phone in customers),
            sources=sources,
        )
    )


def _flow(flow: Flow, *, only: bool) -> FlowFacts:
    return FlowFacts(
        slug=flow.slug,
        name=flow.name,
        criticality=flow.criticality,
        has_path=only or flow.path_id is not None,
        cost_per_hour=flow.cost_per_hour,
        has_owner=flow.owner is not None and flow.owner.is_active,
        has_repair=flow.technical_owner is not None and flow.technical_owner.is_active,
        has_words=bool(flow.words_customers),
    )


def _schedule(plan: Plan, *, now: dt.datetime) -> ScheduleFacts:
    gaps = tuple(
        Gap(held.starts, held.ends if held.ends < now + FAR else None)
        for held in plan.shifts(start=now, end=now + FAR)
        if held.user is None and held.starts < now + AHEAD and held.ends - held.starts > SHORT
    )
    return ScheduleFacts(plan.schedule.pk, plan.schedule.name, gaps)


def _paths() -> tuple[PathFacts, ...]:
    """Every path by its steps; one without any can't be made. One statement."""
    steps: dict[int, list[EscalationStep]] = {}
    for step in EscalationStep.objects.select_related("path", "schedule", "user").order_by("path__name", "order"):
        steps.setdefault(step.path_id, []).append(step)
    found = []
    for number, mine in steps.items():
        first = mine[0]
        others = {(step.schedule_id, step.user_id) for step in mine} - {(first.schedule_id, first.user_id)}
        name = str(first.schedule or first.user)
        found.append(PathFacts(number, first.path.name, name, len(others), first.wait_minutes))
    return tuple(found)


def _providers(flows: Sequence[Flow]) -> tuple[ProviderFacts, ...]:
    """Third parties that something needs hard, with the flows that stop with them. One statement."""
    rows = list(
        Dependency.objects.select_related("flow", "from_component", "provider").order_by("provider__name", "pk")
    )
    drawn = [edge_of(row) for row in rows]
    hard: dict[Provider, list[Dependency]] = {}
    for row in rows:
        if row.provider is not None and row.hard:
            hard.setdefault(row.provider, []).append(row)
    found = []
    for provider, needing in hard.items():
        stopped = {
            one.node[1] for one in ripple(("provider", provider.pk), drawn) if one.stopped and one.node[0] == "flow"
        }
        bare = next((row for row in needing if row.fallback == Fallback.NONE), None)
        at: Flow | Component | Provider | None = bare.flow or bare.from_component if bare is not None else provider
        assert at is not None  # a dependency has one end or the other: its table holds that
        page = "provider" if bare is None else "flow" if bare.flow else "component"
        stops = tuple(flow.slug for flow in flows if flow.pk in stopped)
        found.append(ProviderFacts(provider.pk, provider.name, at.name if bare else "", page, at.slug, stops))
    return tuple(found)


def cares() -> dict[str, HoleCare]:
    """What was said of holes, by their keys. One statement."""
    return {care.key: care for care in HoleCare.objects.select_related("person", "accepted_by")}


def days(*, now: dt.datetime) -> list[ReadinessDay]:
    """The last 30 days that were stored, the oldest first. One statement."""
    since = today(now) - dt.timedelta(days=SHOWN)
    return list(ReadinessDay.objects.filter(day__gt=since))


def mended(holes: tuple[Hole, ...], past: list[ReadinessDay], *, now: dt.datetime) -> list[Mended]:
    """What was open within a week and is no more, the latest first. What ended by itself was mended by nobody."""
    open_ = {hole.key for hole in holes}
    found: dict[str, Mended] = {}
    for day in past:
        if day.day < today(now) - dt.timedelta(days=7):
            continue
        for hole in day.holes:
            gone = hole["ends"] and dt.datetime.fromisoformat(hole["ends"]) <= now
            if hole["key"] not in open_ and not gone:
                found[hole["key"]] = Mended(hole["text"], day.day)
    return sorted(found.values(), key=lambda one: one.last, reverse=True)


def is_kept(*, now: dt.datetime) -> bool:
    """Whether today is stored. One statement."""
    return ReadinessDay.objects.filter(day=today(now)).exists()
