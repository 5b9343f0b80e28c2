"""How ready the house is: read from what was prepared, day by day, with what people said of the holes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.journal.spoken import organisation_zone
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency, Fallback
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationStep
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.readiness import HoleCare, ReadinessDay, ReadinessLately
from firstcall.ready.queries.confirmation import Contracts, Kept, all_kept, contracts, mute_contracts
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.gap import role_gaps, schedule_gaps, week_of
from firstcall.ready.queries.lane import all_lanes, told_facts
from firstcall.ready.queries.oncall import Plan, all_plans
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.holes.facts import (
    ActionFacts,
    FlowFacts,
    OwedFacts,
    PathFacts,
    PersonFacts,
    PhoneFacts,
    Prepared,
    ProviderFacts,
)
from firstcall.ready.rules.holes.hole import Hole, told_hole
from firstcall.ready.rules.holes.word import EACH
from firstcall.ready.rules.readiness import Readiness, readiness_of

TESTED = dt.timedelta(days=180)  # a fallback that was tried within it counts
DRILLED = dt.timedelta(days=90)  # a drill of a critical flow counts
SHOWN = 30  # days of history


@dataclass(frozen=True, slots=True)
class Mended:
    """A hole of the last days that is closed now; `last` is the last day it was open."""

    text: str
    last: dt.date


def today(now: dt.datetime) -> dt.date:
    """The day of the organisation's zone."""
    return now.astimezone(organisation_zone()).date()


@dataclass(frozen=True, slots=True)
class Seen:
    """What other rooms know: how many `sources` of alerts there are, which flows an alert touches, which providers are
    read, which actions are late and how many are `on_time`. None: not known, and then nothing is said of it."""

    sources: int
    flows: frozenset[int] | None = None
    providers: frozenset[int] | None = None
    late: tuple[ActionFacts, ...] = ()
    on_time: int = 0


def readiness(*, seen: Seen, now: dt.datetime) -> Readiness:
    """All that holds and all that does not. Twenty-three statements at most."""
    flows, plans = list(flows_by_criticality()), all_plans()
    steps, day = _steps(), today(now)
    kept = all_kept(today=day, flows=flows, schedules=[plan.schedule for plan in plans])
    owned = contracts(today=day)
    only, week = len(steps) == 1, week_of(flows)
    table = rules()
    roles, held = role_gaps(now=now, plans=plans, flows=flows, table=table)
    lanes, verified = all_lanes(), _verified()
    drilled = set(Drill.objects.filter(done_at__gt=now - DRILLED).order_by().values_list("flow", flat=True))
    return readiness_of(
        Prepared(
            flows=tuple(_flow(flow, only=only, seen=seen, day=day, drilled=drilled) for flow in flows),
            schedules=tuple(schedule_gaps(plan, week, now=now) for plan in plans),
            paths=tuple(_path(mine, plans) for mine in steps),
            providers=_providers(flows, seen=seen, day=day),
            phones=_phones(owned),
            sources=seen.sources,
            people=_people(steps, plans, verified),
            roles=roles,
            held=held,
            lanes=told_facts(
                lanes,
                paths=[mine[0].path for mine in steps],
                plans=plans,
                verified=verified,
                owned=any(one.owner for one in owned),
                table=table,
            ),
            owed=_owed(kept, owned),
            late=seen.late,
            on_time=seen.on_time,
        )
    )


def _flow(flow: Flow, *, only: bool, seen: Seen, day: dt.date, drilled: set[int]) -> FlowFacts:
    return FlowFacts(
        slug=flow.slug,
        name=flow.name,
        criticality=flow.criticality,
        has_path=only or flow.path_id is not None,
        cost_per_hour=flow.cost_per_hour,
        has_owner=flow.owner is not None and flow.owner.is_active,
        has_repair=flow.team_id is not None or (flow.technical_owner is not None and flow.technical_owner.is_active),
        has_words=bool(flow.words_customers),
        has_steps=bool(flow.first_steps or flow.first_steps_link),
        watched=seen.flows is None or flow.pk in seen.flows,
        sketched=flow.sketched,
        confirmed=flow.confirm_by is not None and flow.confirm_by >= day,
        drilled=flow.pk in drilled,
        cost_per_hour_most=flow.cost_per_hour_most,
    )


def _steps() -> list[list[EscalationStep]]:
    """The steps of every path, in their order; one without any can't be made. One statement."""
    steps: dict[int, list[EscalationStep]] = {}
    for step in EscalationStep.objects.select_related("path", "schedule", "user").order_by("path__name", "order"):
        steps.setdefault(step.path_id, []).append(step)
    return list(steps.values())


def _path(steps: list[EscalationStep], plans: Sequence[Plan]) -> PathFacts:
    first, empty = steps[0], {plan.schedule.pk for plan in plans if not plan.people}
    others = {(step.schedule_id, step.user_id) for step in steps} - {(first.schedule_id, first.user_id)}
    return PathFacts(
        first.path_id, first.path.name, str(first.schedule or first.user), len(others), first.wait_minutes,
        left=tuple(step.user.name for step in steps if step.user is not None and not step.user.is_active),
        hollow=tuple(step.schedule.name for step in steps if step.schedule is not None and step.schedule_id in empty),
    )  # fmt: skip


def _verified() -> frozenset[int]:
    """Everybody who has a verified way of being reached. One statement."""
    ways = ContactMethod.objects.filter(verified_at__isnull=False)
    return frozenset(ways.order_by().values_list("user", flat=True))


def _people(
    steps: list[list[EscalationStep]], plans: Sequence[Plan], verified: frozenset[int]
) -> tuple[PersonFacts, ...]:
    """Everybody on a schedule or a path, each once, by name."""
    known: dict[int, User] = {number: user for plan in plans for number, user in plan.people.items()}
    for step in (step for mine in steps for step in mine):
        if step.user is not None and step.user.is_active:
            known[step.user.pk] = step.user
    people = sorted(known.values(), key=lambda user: (user.name, user.pk))
    return tuple(PersonFacts(user.pk, user.name, user.pk in verified, bool(user.phone)) for user in people)


def _phones(owned: Sequence[Contracts]) -> PhoneFacts:
    """Who with a contract can be rung. One statement where somebody can't."""
    mute = sum(one.mute for one in owned)
    first = mute_contracts(at_most=EACH) if mute else []
    return PhoneFacts(sum(one.count for one in owned) - mute, mute, tuple(first))


def _owed(kept: Sequence[Kept], owned: Sequence[Contracts]) -> tuple[OwedFacts, ...]:
    """One for each owner, and one for what has none; a flow of which that is a hole of its own is not told twice."""
    names: dict[int, str] = {}
    counts: Counter[int] = Counter()
    firsts: dict[int, str] = {}
    for one in kept:
        if isinstance(one.row, Flow) and (one.row.criticality != "important" or one.owner is None or one.row.sketched):
            continue
        number = one.owner.pk if one.owner else 0
        names[number] = one.owner.name if one.owner else ""
        if one.due or number == 0:
            counts[number] += 1
            firsts.setdefault(number, str(one.row))
    for mine in owned:
        names[mine.owner] = mine.name
        count, first = (mine.due, mine.first_due) if mine.owner else (mine.count, mine.first)
        if count:
            counts[mine.owner] += count
            firsts.setdefault(mine.owner, first)
    return tuple(OwedFacts(number, names[number], counts[number], firsts.get(number, "")) for number in sorted(names))


def _providers(flows: Sequence[Flow], *, seen: Seen, day: dt.date) -> tuple[ProviderFacts, ...]:
    """Third parties that something needs hard, with the flows that stop with them. Three statements at most."""
    rows = Dependency.objects.filter(provider__isnull=False, hard=True).order_by("provider__name", "pk")
    hard: dict[Provider, list[Dependency]] = {}
    for row in rows.select_related("flow", "from_component", "provider"):
        if row.provider is not None:
            hard.setdefault(row.provider, []).append(row)
    net = the_net()
    found = []
    for provider, needing in hard.items():
        stopped = {number for noun, number in net.reached(("provider", provider.pk))[0] if noun == "flow"}
        bare = next((row for row in needing if row.fallback == Fallback.NONE), None)
        old = day - TESTED
        untested = next((row for row in needing if row.fallback_tested is None or row.fallback_tested < old), None)
        named = bare or untested
        at: Flow | Component | Provider | None = named.flow or named.from_component if named is not None else provider
        assert at is not None  # a dependency has one end or the other: its table holds that
        page = "provider" if named is None else "flow" if named.flow else "component"
        stops = tuple(flow.slug for flow in flows if flow.pk in stopped)
        found.append(
            ProviderFacts(
                provider.pk, provider.name, at.name if bare else "", page, at.slug, stops,
                untested=at.name if untested and not bare else "",
                watched=provider.pk in seen.providers if seen.providers is not None else bool(provider.status_url),
                own=provider.slug,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lately:
    """The dearest holes as they were found at `reckoned_at`, and how many more there were; those that have ended by
    themselves since are left out."""

    holes: tuple[Hole, ...]
    rest: int
    reckoned_at: dt.datetime
    upto: int


def lately(*, now: dt.datetime) -> Lately | None:
    """What the worker found last; None before it first looked. One statement."""
    row = ReadinessLately.objects.first()
    if row is None:
        return None
    holes = tuple(hole for one in row.holes if (hole := told_hole(one)).ends is None or hole.ends > now)
    return Lately(holes, row.rest, row.reckoned_at, row.upto)


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
