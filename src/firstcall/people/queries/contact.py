"""How a person is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import User


@dataclass(frozen=True, slots=True)
class Way:
    """`name` is unique among the ways of one person; `channel` is mail or webhook."""

    name: str
    channel: str
    address: str


def ways_of(user: User) -> list[Way]:
    """Every verified way in its order; without any, the account's mail address. One statement."""
    return ways_of_all([user])[user.pk]


def ways_of_all(users: Iterable[User]) -> dict[int, list[Way]]:
    """The same for several people. One statement."""
    users = list(users)
    found: dict[int, list[Way]] = {user.pk: [] for user in users}
    seen: dict[tuple[int, str], int] = {}
    methods = ContactMethod.objects.filter(user__in=users, verified_at__isnull=False).order_by("position", "id")
    for method in methods:
        key = (method.user_id, method.kind)
        seen[key] = seen.get(key, 0) + 1
        name = method.kind if seen[key] == 1 else f"{method.kind}{seen[key]}"
        found[method.user_id].append(Way(name, method.kind, method.address))
    return {user.pk: found[user.pk] or [Way("mail", "mail", user.email)] for user in users}
