"""What was prepared and by when somebody has to say that it still holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from firstcall.kernel.number import number_in
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


def all_kept(
    *, today: dt.date, flows: Iterable[Flow] | None = None, schedules: Iterable[Schedule] | None = None
) -> list[Kept]:
    """All that has to be confirmed from time to time but customers, of whom there may be ten thousand: `contracts`.

    `flows` and `schedules` for who has read them, with their owners. Five statements at most.
    """
    found: list[Kept] = []
    known: dict[str, Iterable[Row] | None] = {"flow": flows, "schedule": schedules}
    for noun, model in MODELS.items():
        if model is Customer:
            continue
        rows = known.get(noun)
        if rows is None:
            rows = model._default_manager.select_related("owner")  # type: ignore[misc]
        found += [_kept(noun, row, today) for row in rows]
    return found


def _kept(noun: str, row: Row, today: dt.date) -> Kept:
    return Kept(noun, row, owner_of(row), row.confirm_by is None or row.confirm_by < today)


def _due(today: dt.date) -> Q:
    return Q(confirm_by=None) | Q(confirm_by__lt=today)


@dataclass(frozen=True, slots=True)
class Contracts:
    """The customers with a contract that are `owner`'s (0: nobody's who is here): how many they are, how many of them
    are due and have no telephone number, and by name the first of all and of those that are due."""

    owner: int
    name: str
    count: int
    due: int
    mute: int
    first: str
    first_due: str


def contracts(*, today: dt.date) -> list[Contracts]:
    """One for each account owner, with what has none or one who left in front. One statement, however many."""
    late = _due(today)
    rows = Customer.objects.filter(contract=True).order_by("account_owner_id")
    counted = rows.values("account_owner_id", "account_owner__name", "account_owner__is_active").annotate(
        n=Count("pk"), n_due=Count("pk", filter=late), n_mute=Count("pk", filter=Q(phone="")),
        least=Min("name"), least_due=Min("name", filter=late),
    )  # fmt: skip
    found: dict[int, Contracts] = {}
    for row in counted:
        here = bool(row["account_owner__is_active"])
        owner, name = (row["account_owner_id"], row["account_owner__name"]) if here else (0, "")
        one = Contracts(owner, name, row["n"], row["n_due"], row["n_mute"], row["least"], row["least_due"] or "")
        found[owner] = _joined(found[owner], one) if owner in found else one
    return sorted(found.values(), key=lambda one: one.owner)


def _joined(one: Contracts, other: Contracts) -> Contracts:
    """What has no owner, and what is of somebody who left."""
    return Contracts(
        one.owner, one.name, one.count + other.count, one.due + other.due, one.mute + other.mute,
        min(one.first, other.first), min(filter(None, (one.first_due, other.first_due)), default=""),
    )  # fmt: skip


def mute_contracts(*, at_most: int) -> list[tuple[int, str]]:
    """The first customers with a contract and no telephone number, by name: their numbers and names. One statement."""
    rows = Customer.objects.filter(contract=True, phone="").order_by("name", "pk")
    return list(rows.values_list("pk", "name")[:at_most])


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first of what waits to be confirmed, and how many it is in all."""

    rows: list[Kept]
    count: int


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What is due for a person, for nobody, for others; and the first of what nobody owns and may be given away."""

    mine: Waiting
    nobodys: Waiting
    others: Waiting
    unowned: list[Kept]

    @property
    def count(self) -> int:
        return self.mine.count + self.nobodys.count + self.others.count


def to_confirm(viewer: User, *, today: dt.date, at_most: int, unowned: int) -> ToConfirm:
    """`at_most` of each, and so many of what is `unowned`. Ten statements at most."""
    kept, owned = all_kept(today=today), contracts(today=today)
    due = [one for one in kept if one.due]
    here = Q(account_owner__is_active=True)

    def waiting(rows: list[Kept], more: int, whose: Q) -> Waiting:
        first = rows[:at_most]
        if more and len(first) < at_most:
            first += _contracts(whose & _due(today), today=today, at_most=at_most - len(first))
        return Waiting(first, len(rows) + more)

    counts = {one.owner: one.due for one in owned}
    free = [one for one in kept if one.owner is None and not one.row.origin][:unowned]
    if len(free) < unowned and owned and owned[0].owner == 0:
        free += _contracts(~here & Q(origin=""), today=today, at_most=unowned - len(free))
    mine, nobodys = counts.pop(viewer.pk, 0), counts.pop(0, 0)
    return ToConfirm(
        waiting([one for one in due if one.owner == viewer], mine, Q(account_owner=viewer)),
        waiting([one for one in due if one.owner is None], nobodys, ~here),
        waiting(
            [one for one in due if one.owner not in (None, viewer)],
            sum(counts.values()),
            here & ~Q(account_owner=viewer),
        ),
        free,
    )


def _contracts(which: Q, *, today: dt.date, at_most: int) -> list[Kept]:
    rows = Customer.objects.filter(which, contract=True).select_related("account_owner")
    return [_kept("customer", row, today) for row in rows[:at_most]]


def kept_called(names: Collection[str]) -> list[Row]:
    """The rows that are named as 'flow:7', of each noun in its order; what there is not is left out. Six statements."""
    found: list[Row] = []
    for noun, model in MODELS.items():
        said = [name.removeprefix(f"{noun}:") for name in names if name.startswith(f"{noun}:")]
        numbers = [one for one in map(number_in, said) if one is not None]
        if numbers:
            found += model._default_manager.filter(pk__in=numbers)
    return found


def due_for(viewer: User, *, today: dt.date) -> list[Kept]:
    """What `viewer` owns and has to say something about. Six statements."""
    found: list[Kept] = []
    for noun, model in MODELS.items():
        mine = Q(account_owner=viewer, contract=True) if model is Customer else Q(owner=viewer)
        found += [Kept(noun, row, viewer, due=True) for row in model._default_manager.filter(mine & _due(today))]
    return found
