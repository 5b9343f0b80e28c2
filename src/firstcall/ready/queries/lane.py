"""Whom a lane of a frozen plan means at an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import LaneKind
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.oncall import Plan
from firstcall.ready.queries.path import people_of_step
from firstcall.ready.queries.ripple import the_net

Vendor = tuple[str, str, str]


def people_of_lane(
    lane: Mapping[str, Any], *, flow: Flow | None, at: dt.datetime, plans: Mapping[int, Plan] | None = None
) -> list[User]:
    """The people to tell, each once, by name where they are worked out. One statement, or those of a schedule."""
    if lane["kind"] != LaneKind.OWNERS:
        return people_of_step(dict(lane), at=at, plans=plans)
    owned = {"customer__flows": flow} if flow is not None else {"customer__isnull": False}
    return list(User.objects.filter(is_active=True, customer__contract=True, **owned).distinct().order_by("name"))


def vendors_of(flow: Flow | None) -> list[Vendor]:
    """(name, telephone, contract) of each provider that a flow needs at any depth. Three statements at most."""
    if flow is None:
        return []
    wanted = [number for kind, number in the_net().needed_by(("flow", flow.pk)) if kind == "provider"]
    rows = Provider.objects.filter(pk__in=wanted).order_by("name")
    return [(row.name, row.phone, row.contract) for row in rows]
