"""What an account may do. Access is not a role: a role is what one does in an incident."""

from __future__ import annotations

from typing import Literal

Action = Literal["read", "respond", "communicate", "support", "prepare", "administer"]

ACTIONS: tuple[Action, ...] = ("read", "respond", "communicate", "support", "prepare", "administer")

MAY: dict[str, frozenset[Action]] = {
    "admin": frozenset(ACTIONS),
    "responder": frozenset({"read", "respond", "communicate", "support", "prepare"}),
    "communicator": frozenset({"read", "respond", "communicate", "support"}),
    "support": frozenset({"read", "support"}),
    "stakeholder": frozenset({"read"}),
}


def can(access: str, action: str) -> bool:
    """Whether an account of this access may do this; an access nobody knows may do nothing."""
    return action in MAY.get(access, frozenset())
