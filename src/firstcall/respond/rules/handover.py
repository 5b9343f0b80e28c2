"""When an offered role has waited too long."""

from __future__ import annotations

import datetime as dt

UNANSWERED = dt.timedelta(minutes=5)
LONGEST = 1000  # characters of the note


def late_from(offered_at: dt.datetime) -> dt.datetime:
    """From when on who gives is told that nobody answered."""
    return offered_at + UNANSWERED


def tidy(note: str) -> str:
    """The note as kept: its lines, without what surrounds them."""
    return "\n".join(line.strip() for line in note.strip().splitlines())[:LONGEST]
