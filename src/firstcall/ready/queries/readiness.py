"""How ready the house is: read from what was prepared, day by day, with what people said of the holes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Fallback
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.readiness import HoleCare, ReadinessDay
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.queries.ripple import edges
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


def readiness(*, sources: int, now: dt.datetime) -> Readiness:
    """All that holds and all that does not. `sources` is how many sources of alerts there are. Fifteen statements."""
    flows = list(flows_by_criticality())
    paths = list(EscalationPath.objects.prefetch_related("steps__schedule", "steps__user"))
    schedules = tuple(
        ScheduleFacts(
            plan.schedule.pk,
            plan.schedule.name,
            tuple(
                Gap(held.starts, held.ends if held.ends < now + FAR else None)
                for held in plan.shifts(start=now, end=now + FAR)
                if held.user is None and held.starts < now + AHEAD and held.ends - held.starts > SHORT
            ),
        )
        for plan in all_plans()
    )
    customers = Customer.objects.filter(contract=True).order_by("name").values_list("pk", "name", "phone")
    return readiness_of(
        Prepared(
            flows=tuple(_flow(flow, only=len(paths) == 1) for flow in flows),
            schedules=schedules,
            paths=tuple(_path(path) for path in paths if path.steps.all()),
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


def _path(path: EscalationPath) -> PathFacts:
    steps = list(path.steps.all())
    first = steps[0]
    others = {(step.schedule_id, step.user_id) for step in steps} - {(first.schedule_id, first.user_id)}
    return PathFacts(path.pk, path.name, str(first.schedule or first.user), len(others), first.wait_minutes)


def _providers(flows: list[Flow]) -> tuple[ProviderFacts, ...]:
    """Third parties that something needs hard, with the flows that stop with them. Three statements."""
    drawn = edges()
    components = {row.pk: row for row in Component.objects.all()}
    by_number = {flow.pk: flow for flow in flows}
    found = []
    for provider in Provider.objects.all():
        node = ("provider", provider.pk)
        hard = [edge for edge in drawn if edge.needed == node and edge.hard]
        bare = next((edge for edge in hard if edge.fallback == Fallback.NONE), None)
        stopped = {one.node[1] for one in ripple(node, drawn) if one.stopped and one.node[0] == "flow"}
        name, page, slug = "", "provider", provider.slug
        if bare is not None:
            kind, number = bare.needs
            needing: Flow | Component = by_number[number] if kind == "flow" else components[number]
            name, page, slug = needing.name, kind, needing.slug
        if hard:
            stops = tuple(flow.slug for flow in flows if flow.pk in stopped)
            found.append(ProviderFacts(provider.pk, provider.name, name, page, slug, stops))
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
