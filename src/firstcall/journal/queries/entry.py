"""Reading the journal."""

from __future__ import annotations

from firstcall.journal.models.entry import Entry, Head, Position


def position_of_news() -> int:
    """The highest position given so far; 0 when nothing has happened. One statement."""
    return Head.objects.values_list("position", flat=True).first() or 0


def newest_beside_incidents() -> int:
    """The id of the newest entry that belongs to no incident, to see whether there is another one; 0 while there is
    none. One statement."""
    rows = Entry.objects.filter(incident__isnull=True).order_by("-at", "-pk")
    return rows.values_list("pk", flat=True).first() or 0


def news_after(position: int, *, at_most: int = 500) -> list[Position]:
    """Positions after `position` with their entries (no facts), in order. One statement."""
    return list(Position.objects.filter(position__gt=position).select_related("entry").order_by("position")[:at_most])
