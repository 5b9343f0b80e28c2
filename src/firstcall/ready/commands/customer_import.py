"""Importing customers from a file somebody has looked at: all of what they saw, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.customer import FORGOTTEN
from firstcall.ready.events import CUSTOMERS_IMPORTED
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.customer_import import Stored, plan_of, read_stored, there_of
from firstcall.ready.rules.customer_import import Plan

TOLD = 200  # names in the journal
CONTACT = ("name", "role", "email", "phone")


def import_customers(
    *, preview: Preview, mark: str, good_only: bool, by: Actor, now: dt.datetime, end: Collection[int] = ()
) -> dict[str, int]:
    """Do what the plan of this `mark` says, and end those of `end`, numbers of customers that the file does not name;
    how many were made, changed, ended, and left out.

    Raises Refused, and then nothing has changed: while a row is not right, unless `good_only`; when what is there has
    changed since the preview was looked at; when it was imported already. The number of statements does not grow with
    the rows.
    """
    stored = read_stored()
    plan = plan_of(preview, there_of(stored))
    if plan.missing is not None:
        raise Refused(speak(plan.missing))
    if plan.mark != mark:
        raise _stale()
    if plan.bad and not good_only:
        raise Refused(_("Mend the file, or choose to leave out the rows that are not right. Nothing was imported."))
    ended = [one for one in plan.unnamed if one.number in end]
    if len(ended) < len(set(end)):
        raise _stale()
    counts = {"made": len(plan.made), "changed": len(plan.changed), "ended": len(ended), "left": len(plan.bad)}
    names = [one.name for one in (*plan.made, *plan.changed)]
    work = _Work(plan, stored, by_saving(by=by, now=now), [one.number for one in ended], now)
    try:
        with transaction.atomic():
            if not Preview.objects.filter(pk=preview.pk).delete()[0]:
                raise Refused(_("This was imported already."))
            list(Customer.objects.select_for_update().order_by("pk").values_list("pk"))
            if read_stored() != stored:
                raise _stale()
            work.write()
            record(
                CUSTOMERS_IMPORTED, by=by, now=now, subject="customers:0", file=preview.name, same=plan.same, **counts,
                rows=names[:TOLD], gone=[one.facts["name"] for one in ended][:TOLD],
                lines=[one.line for one in plan.bad][:TOLD],
            )  # fmt: skip
    except IntegrityError:
        raise _stale() from None
    return counts


def _stale() -> Refused:
    return Refused(
        _("Something was changed since you looked. Nothing was imported: this is what importing would do now.")
    )


def _columns(facts: dict[str, Any], users: dict[str, int]) -> dict[str, Any]:
    """Facts by the columns they are stored in."""
    row = {name: value for name, value in facts.items() if name != "flows"}
    if "account_owner" in row:
        row["account_owner_id"] = users[row.pop("account_owner")]
    return row


class _Work:
    """The rows of a plan, reckoned before anything is held: in the transaction they are only handed to the store.

    Everybody else's writes wait meanwhile, so each kind of row is one statement run with many rows: Django's own bulk
    statements take four times as long.
    """

    def __init__(
        self, plan: Plan, stored: Stored, holds: dict[str, Any], ended: Sequence[int], now: dt.datetime
    ) -> None:
        users = {mail.lower(): number for number, mail, *_rest in stored.users}
        self.flows = {slug: number for number, slug, _name in stored.flows}
        self.entries = (*plan.made, *plan.changed)
        self.made = [_values(Customer(**_columns(one.facts, users), **holds)) for one in plan.made]
        self.changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for one in plan.changed:
            row = _columns({name: new for name, _old, new in one.fields}, users)
            if row:
                self.changed.setdefault(tuple(row), []).append((*row.values(), one.number))
        self.uses_else = {one.number for one in plan.changed if any(name == "flows" for name, _old, _new in one.fields)}
        self.holds = holds  # whoever imports a file says of all it names that it holds
        self.there = (*(one.number for one in plan.changed), *plan.kept)
        self.forgotten = {**FORGOTTEN, "ended_at": connection.ops.adapt_datetimefield_value(now)}
        self.ended = [(*self.forgotten.values(), number) for number in ended]

    def write(self) -> None:
        """The rows, in as many statements as there are kinds of change."""
        through = Customer.flows.through
        gone = [(row[-1],) for row in self.ended]
        for table in (Contact._meta.db_table, through._meta.db_table):
            _run(f"DELETE FROM {table} WHERE customer_id = %s", gone)  # noqa: S608 - our names
        _update(Customer, tuple(self.forgotten), self.ended)
        _insert(Customer, self.made)
        for names, rows in self.changed.items():
            _update(Customer, names, rows)
        if self.holds:
            _update(Customer, tuple(self.holds), [(*self.holds.values(), number) for number in self.there])
        numbers = dict(Customer.objects.values_list("name", "pk")) if self.made else {}
        _run(f"DELETE FROM {through._meta.db_table} WHERE customer_id = %s", [(one,) for one in self.uses_else])  # noqa: S608
        uses, new, known = [], [], []
        for entry in self.entries:
            number = entry.number or numbers[entry.name]
            if not entry.number or number in self.uses_else:
                uses += [(number, self.flows[slug]) for slug in entry.facts.get("flows", ())]
            for one in entry.people:
                if one.number:
                    known.append((one.name, one.role, one.email, one.phone, one.number))
                else:
                    new.append((number, one.name, one.role, one.email, one.phone))
        _insert(through, uses)
        _insert(Contact, new)
        _update(Contact, CONTACT, known)


def _values(row: Model) -> tuple[Any, ...]:
    return tuple(getattr(row, one.attname) for one in _stored(type(row)))


def _stored(model: type[Model]) -> list[Field[Any, Any]]:
    return [one for one in model._meta.concrete_fields if not one.primary_key]


def _insert(model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    names = [str(one.column) for one in _stored(model)]
    signs = ", ".join(["%s"] * len(names))
    _run(f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({signs})", rows)  # noqa: S608 - our names


def _update(model: type[Model], names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Each row is the new values of `names`, and the number of the row in the end."""
    becomes = ", ".join(f"{name} = %s" for name in names)
    _run(f"UPDATE {model._meta.db_table} SET {becomes} WHERE id = %s", rows)  # noqa: S608 - our names


def _run(words: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(words, rows)
