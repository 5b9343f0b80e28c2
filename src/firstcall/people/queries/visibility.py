"""The rule of who may see, as a filter in SQL: looked up at read time, so that restricting later hides the past."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from firstcall.people.models.user import Access, User

Row = TypeVar("Row", bound=Model)


def visible(rows: QuerySet[Row], *, viewer: User, field: str = "") -> QuerySet[Row]:
    """Those of `rows` that `viewer` may see.

    `field` is the path from a row to its subject ('incident'), empty when the row is the subject itself. A subject has
    `restricted` and a many-to-many `named`.
    """
    if not viewer.is_active:
        return rows.none()
    if viewer.access == Access.ADMIN:
        return rows
    path = f"{field}__" if field else ""
    # A subquery, because a join over `named` would return a row once for each person named.
    named = rows.model._default_manager.filter(**{f"{path}named": viewer}).values("pk")
    return rows.filter(Q(**{f"{path}restricted": False}) | Q(pk__in=named))


def open_to_all(rows: QuerySet[Row], *, field: str = "") -> QuerySet[Row]:
    """Those of `rows` whose subject is not restricted: all that may be said where nobody has signed in."""
    return rows.filter(**{f"{field}__restricted" if field else "restricted": False})
