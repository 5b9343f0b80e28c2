"""Who there is."""

from __future__ import annotations

from firstcall.people.models.user import User


def active_people() -> list[User]:
    """Everybody with a living account, by name. One statement."""
    return list(User.objects.filter(is_active=True).order_by("name", "id"))


def person(number: int) -> User | None:
    """One living account, or None. One statement."""
    return User.objects.filter(pk=number, is_active=True).first()
