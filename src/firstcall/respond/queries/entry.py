"""An incident's own part of the journal."""

from __future__ import annotations

from django.db.models import QuerySet

from firstcall.journal.models.entry import Entry
from firstcall.respond.models.incident import Incident


def entries_of(incident: Incident) -> QuerySet[Entry]:
    """An incident's committed entries with facts, newest first. Its row comes from a query that took a viewer."""
    return Entry.objects.filter(incident=incident.pk).select_related("facts").order_by("-at", "-id")
