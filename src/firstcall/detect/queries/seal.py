"""What of the signals a person may see: as much as of the incident they belong to."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from firstcall.detect.models.seal import Seal
from firstcall.people.models.user import Access, User
from firstcall.people.queries.visibility import visible

Row = TypeVar("Row", bound=Model)


def sealed_for(viewer: User) -> QuerySet[Seal]:
    """The incidents whose signals this person may not see."""
    return Seal.objects.exclude(pk__in=visible(Seal.objects.all(), viewer=viewer).values("pk"))


def unsealed(rows: QuerySet[Row], *, viewer: User, field: str = "incident") -> QuerySet[Row]:
    """Those of `rows` that `viewer` may see; `field` is the path to the incident's number. Null belongs to nobody."""
    if not viewer.is_active:
        return rows.none()
    if viewer.access == Access.ADMIN:
        return rows
    return rows.exclude(**{f"{field}__in": sealed_for(viewer).values("incident")})
