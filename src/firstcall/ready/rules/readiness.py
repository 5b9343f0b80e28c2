"""Holes in what was prepared, as facts with a price: what would cost most tonight comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.kernel.say import Count, Money, Say, say
from firstcall.kernel.say import mark as _

RANK = {"critical": 0, "important": 1, "minor": 2}


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """One flow as far as readiness asks. `single` are providers or parts it needs hard and without a fallback."""

    slug: str
    name: str
    criticality: str
    has_path: bool
    cost_per_hour: int | None
    single: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call on a schedule from `starts` until `ends`."""

    schedule: str
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Hole:
    """`page` is the name of the page that mends it, `slug` what that takes. `cost` an hour orders: 0 is not known."""

    sentence: Say
    price: Say | None
    page: str
    slug: str
    rank: int
    cost: int


def _an_hour(cost: int | None) -> Say | None:
    return None if not cost else say(_("About {cost} an hour."), cost=Money(cost))


def holes_of(flows: Iterable[FlowFacts], *, gaps: Iterable[Gap], silent: Iterable[str], sources: int) -> list[Hole]:
    """Every hole, the dearest first.

    `silent` are customers with a contract and no telephone number, `sources` how many sources of alerts there are.
    """
    found: list[Hole] = []
    flows = list(flows)
    for flow in flows:
        rank, cost = RANK[flow.criticality], flow.cost_per_hour or 0
        if rank == 2:
            continue
        if not flow.has_path:
            sentence = say(_("Nobody is woken for {flow}: it has no escalation path."), flow=flow.name)
            found.append(Hole(sentence, _an_hour(flow.cost_per_hour), "flow", flow.slug, rank, cost))
        found += [
            Hole(
                say(_("{part} has no fallback; {flow} stops with it."), part=part, flow=flow.name),
                _an_hour(flow.cost_per_hour), "flow", flow.slug, rank, cost,
            )
            for part in flow.single
        ]  # fmt: skip
        if flow.cost_per_hour is None and rank == 0:
            sentence = say(_("What an hour of {flow} costs is not known."), flow=flow.name)
            found.append(Hole(sentence, None, "flow_edit", flow.slug, rank, 0))
    dearest = max((flow.cost_per_hour or 0 for flow in flows), default=0)
    for gap in gaps:
        hours = max(1, round((gap.ends - gap.starts).total_seconds() / 3600))
        sentence = say(
            _("Nobody is on call for {schedule} from {starts} until {ends}."),
            schedule=gap.schedule, starts=gap.starts, ends=gap.ends,
        )  # fmt: skip
        price = say(_("What breaks then waits up to {hours}."), hours=Count(hours, _("{n} hour"), _("{n} hours")))
        found.append(Hole(sentence, price, "oncall", "", 0, dearest))
    found += [
        Hole(
            say(_("{customer} has a contract but no telephone number."), customer=name),
            say(_("You would look for it at night.")), "customers", "", 1, 0,
        )
        for name in silent
    ]  # fmt: skip
    if flows and sources == 0:
        sentence = say(_("No source of alerts is connected: customers would notice first."))
        found.append(Hole(sentence, None, "sources", "", 0, dearest))
    return sorted(found, key=lambda hole: (-hole.cost, hole.rank, hole.sentence.text, str(hole.sentence.facts)))
