"""What was prepared and by when somebody has to say that it still holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule

Row = Flow | Component | Provider | EscalationPath | Schedule | Customer
MODELS: dict[str, type[Row]] = {
    "flow": Flow, "component": Component, "provider": Provider, "path": EscalationPath, "schedule": Schedule,
    "customer": Customer,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """One prepared row. `due`: never confirmed, or its day is over. `noun` is its page, `key` what that takes."""

    noun: str
    row: Row
    owner: User | None
    due: bool

    @property
    def key(self) -> str:
        return self.row.slug if isinstance(self.row, Flow | Component | Provider) else str(self.row.pk)


def owner_of(row: Row) -> User | None:
    """Who says whether it holds; None also for somebody whose account ended."""
    owner = row.account_owner if isinstance(row, Customer) else row.owner
    return owner if owner is not None and owner.is_active else None


def all_kept(*, today: dt.date, flows: Iterable[Flow] | None = None) -> list[Kept]:
    """All that has to be confirmed from time to time; `flows` for who has read them. Six statements at most."""
    found: list[Kept] = []
    for noun, model in MODELS.items():
        rows: Iterable[Row]
        if model is Flow and flows is not None:
            rows = flows
        elif model is Customer:
            rows = Customer.objects.filter(contract=True).select_related("account_owner")
        else:
            rows = model._default_manager.select_related("owner")  # type: ignore[misc]
        found += [Kept(noun, row, owner_of(row), row.confirm_by is None or row.confirm_by < today) for row in rows]
    return found


def due_for(viewer: User, *, today: dt.date) -> list[Kept]:
    """What `viewer` owns and has to say something about. Six statements."""
    return [one for one in all_kept(today=today) if one.due and one.owner == viewer]
