"""Who may see a subject that can be restricted, such as an incident. The one rule; queries ask it in SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Restriction:
    """`named` holds the ids of those who were let in by name."""

    restricted: bool
    named: frozenset[int] = frozenset()


def may_see(*, viewer: int, access: str, active: bool, subject: Restriction) -> bool:
    """Everybody active sees what is not restricted; the rest is for those named and for admins."""
    if not active:
        return False
    return not subject.restricted or access == "admin" or viewer in subject.named
