"""From an account to who did it."""

from __future__ import annotations

from firstcall.kernel.actor import Actor
from firstcall.people.models.user import User


def actor_of(user: User) -> Actor:
    """The actor of everything this person does while signed in."""
    return Actor("person", user.pk, user.name)
