"""Who changed the severity table, when, and how."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.journal.kinds import present
from firstcall.journal.models.entry import Entry
from firstcall.ready.events import SEVERITY_RULE_CHANGED


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, as a sentence."""

    at: dt.datetime
    sentence: str


def history(severity: int | None = None, *, at_most: int = 20) -> list[Changed]:
    """Changes of one severity, or of all, the newest first. One statement."""
    rows = Entry.objects.filter(kind=SEVERITY_RULE_CHANGED.name, incident__isnull=True)
    if severity is not None:
        rows = rows.filter(subject=f"severity:{severity}")
    rows = rows.select_related("facts").order_by("-id")[:at_most]
    return [Changed(row.at, present(row.kind, by=row.by_name, facts=row.facts.data)) for row in rows]
