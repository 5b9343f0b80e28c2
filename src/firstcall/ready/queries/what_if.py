"""'What if this fails?': flows, customers, money an hour, words, people to call. And what stops things alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext

from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import on_call_now
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.rules.change import DAY_NAMES
from firstcall.ready.rules.cost import Hour, dearest, together
from firstcall.ready.rules.ripple import Net, Node

Part = Flow | Component | Provider


@dataclass(frozen=True, slots=True)
class Dearest:
    """The hour of the week, by the organisation's clock, in which flows together cost most: 'Friday', '18:00'."""

    day: str
    time: str
    hour: Hour


@dataclass(frozen=True, slots=True)
class Hit:
    """A flow that a failure reaches; `hour` is what it costs now."""

    flow: Flow
    stopped: bool
    customers: int
    hour: Hour


@dataclass(frozen=True, slots=True)
class Ring:
    """Somebody to call, and why."""

    name: str
    why: str
    phone: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What follows when `part` fails. `customers`, and those with `contracts`, are counted once; `hour` is what the
    flows that stop cost now, and `dearest` their dearest hour where they are known by the hour."""

    part: Part
    node: Node
    hits: list[Hit]
    customers: int
    contracts: int
    hour: Hour
    dearest: Dearest | None
    bare: bool
    rings: list[Ring] = field(default_factory=list)

    @property
    def stops(self) -> list[Flow]:
        return [hit.flow for hit in self.hits if hit.stopped]


def what_if(part: Part, *, now: dt.datetime) -> WhatIf:
    """Fifteen statements at most, however large the map."""
    net = the_net()
    node: Node = (_noun(part), part.pk)
    reached = {one.node: one.stopped for one in net.ripple(node)} | ({node: True} if node[0] == "flow" else {})
    flows = [row for row in flows_by_criticality() if ("flow", row.pk) in reached]
    used, customers, contracts = _customers(flows)
    hits = [
        Hit(flow, reached["flow", flow.pk], used.get(flow.pk, 0), flow.hour_at(now)) for flow in flows
    ]  # those that stop before those that are hurt, within them the most critical first
    hits.sort(key=lambda hit: not hit.stopped)
    return WhatIf(
        part, node, hits, customers, contracts,
        together(hit.hour for hit in hits if hit.stopped),
        dearest_of(hit.flow for hit in hits if hit.stopped), node in net.bare, _rings(part, flows, now=now),
    )  # fmt: skip


def dearest_of(flows: Iterable[Flow]) -> Dearest | None:
    """Their dearest hour; None where no flow is known by the hour. No statement."""
    found = dearest((flow.hour, flow.by_hour) for flow in flows)
    return Dearest(gettext(DAY_NAMES[found[0] // 24]), f"{found[0] % 24:02}:00", found[1]) if found else None


def _customers(flows: list[Flow]) -> tuple[dict[int, int], int, int]:
    """How many use each of these flows, any of them, and how many of those have a contract. Two statements."""
    uses = Customer.flows.through.objects.filter(flow__in=flows)  # one that ended uses none
    used = dict(uses.order_by().values_list("flow").annotate(n=Count("pk")))
    hit = Customer.objects.filter(Exists(uses.filter(customer=OuterRef("pk"))))
    found = hit.aggregate(all=Count("pk"), contracts=Count("pk", filter=Q(contract=True)))
    return used, found["all"], found["contracts"]


def _noun(part: Part) -> str:
    return "flow" if isinstance(part, Flow) else "component" if isinstance(part, Component) else "provider"


def _rings(part: Part, flows: list[Flow], *, now: dt.datetime) -> list[Ring]:
    found: dict[int, Ring] = {}

    def add(user: User | None, why: str) -> None:
        if user is not None and user.is_active:
            found.setdefault(user.pk, Ring(user.name, why, user.phone))

    for user in on_call_now(at=now):
        add(user, "oncall")
    add(part.owner, "owner")
    for flow in flows[:5]:
        add(flow.technical_owner, "repairs")
        add(flow.owner, "flow")
    rings = list(found.values())
    if isinstance(part, Provider) and (part.phone or part.support_contact):
        rings.insert(0, Ring(part.support_contact or part.name, part.contract, part.phone))
    return rings


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A part whose failure alone stops `flows`: `hour` is what they cost now, `dearest` is as above.

    `fallback` is the best that the edges to it know.
    """

    key: str
    name: str
    kind: str
    flows: list[Flow]
    hour: Hour
    dearest: Dearest | None
    fallback: str

    @property
    def at_worst(self) -> int:
        """What an hour costs at least when it costs most; 0 while not known."""
        return (self.dearest.hour if self.dearest is not None else self.hour).least or 0


def weak_points(
    net: Net, names: Mapping[Node, tuple[str, str]], flows: Iterable[Flow], *, now: dt.datetime
) -> list[SinglePoint]:
    """The single points of failure, the dearest in its dearest hour first. No statement: what it reads is given."""
    known = {("flow", flow.pk): flow for flow in flows}
    sets: dict[int, tuple[list[Flow], Hour, Dearest | None]] = {}  # many parts stop the same flows
    found = []
    for node, stopped in net.single_points().items():
        if node not in names:
            continue
        if stopped not in sets:
            mine = [known[flow] for flow in net.spelled(stopped) if flow in known]
            sets[stopped] = mine, together(flow.hour_at(now) for flow in mine), dearest_of(mine)
        fallback = "none" if node in net.bare else "manual"
        (key, name), (mine, hour, top) = names[node], sets[stopped]
        found.append(SinglePoint(key, name, node[0], mine, hour, top, fallback))
    return sorted(found, key=lambda one: (-one.at_worst, -len(one.flows), one.name))


def circles_in(net: Net, names: Mapping[Node, tuple[str, str]]) -> list[list[str]]:
    """Parts that all need each other, by their names."""
    return [[names[node][1] for node in group if node in names] for group in net.circles]
