"""The holes in what was prepared, gathered for Now."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.models.source import Source
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency, Fallback
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.rules.readiness import FlowFacts, Gap, Hole, holes_of

AHEAD = dt.timedelta(days=7)
SHORT = dt.timedelta(minutes=1)
MOST_SCHEDULES = 5
MOST_CUSTOMERS = 5


def holes(*, now: dt.datetime) -> list[Hole]:
    """All of them, the dearest first. Five statements, and five a schedule."""
    single: dict[int, list[str]] = {}
    rows = Dependency.objects.filter(
        flow__isnull=False, provider__isnull=False, hard=True, fallback=Fallback.NONE
    ).select_related("provider")
    for row in rows:
        if row.flow_id is not None and row.provider is not None:
            single.setdefault(row.flow_id, []).append(row.provider.name)
    flows = [
        FlowFacts(
            slug=flow.slug,
            name=flow.name,
            criticality=flow.criticality,
            has_path=flow.path_id is not None,
            cost_per_hour=flow.cost_per_hour,
            single=tuple(sorted(single.get(flow.pk, ()))),
        )
        for flow in flows_by_criticality()
    ]
    gaps = [
        Gap(plan.schedule.name, held.starts, held.ends)
        for plan in all_plans(at_most=MOST_SCHEDULES)
        for held in plan.shifts(start=now, end=now + AHEAD)
        if held.user is None and held.ends - held.starts > SHORT
    ]
    silent = Customer.objects.filter(contract=True, phone="").order_by("name").values_list("name", flat=True)
    return holes_of(
        flows,
        gaps=gaps,
        silent=list(silent[:MOST_CUSTOMERS]),
        sources=Source.objects.filter(ended_at=None).count(),
    )
