"""What the machine asks to see whether an owner is still there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from firstcall.journal.models.entry import Entry
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding


def owners_of(incidents: Sequence[Incident]) -> dict[int, RoleHolding]:
    """Who owns each, by its number. One statement. For the machine: shown to nobody."""
    rows = RoleHolding.objects.filter(incident__in=[one.pk for one in incidents], role=Role.OWNER, until=None)
    return {row.incident_id: row for row in rows.select_related("user")}


def last_signs(incidents: Sequence[Incident]) -> dict[tuple[int, int], dt.datetime]:
    """When each person last did something in each incident. One statement. For the machine: shown to nobody."""
    rows = Entry.objects.filter(incident__in=[one.pk for one in incidents], by_kind__in=("person", "link"))
    last = rows.values("incident", "by_id").annotate(last=Max("at")).order_by()
    return {(row["incident"] or 0, row["by_id"] or 0): row["last"] for row in last}
