"""How often it was said of an incident that it is over although it fires."""

from __future__ import annotations

from firstcall.respond.events import RESOLVED_FIRING
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of


def times_over(incident: Incident) -> int:
    """Of an incident whose row came from a query that took a viewer. One statement."""
    return entries_of(incident).filter(kind=RESOLVED_FIRING.name).count()
