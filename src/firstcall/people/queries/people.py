"""Who there is."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from firstcall.people.models.user import User


def active_people() -> list[User]:
    """Everybody with a living account, by name. One statement."""
    return list(User.objects.filter(is_active=True).order_by("name", "id"))


def person(number: int | None) -> User | None:
    """One living account; None for no number, or one that is nobody's. One statement."""
    return User.objects.filter(pk=number or 0, is_active=True).first()


def all_people() -> list[User]:
    """Everybody, closed accounts too, by name. One statement."""
    return list(User.objects.order_by("name", "id"))


def people_with_factor() -> set[int]:
    """Who signs in with a code besides the password. One statement."""
    return set(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
