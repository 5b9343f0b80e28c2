"""Importing customers from a file somebody has looked at: all of what they saw, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.events import CUSTOMERS_IMPORTED
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.customer_import import plan_of, read_there
from firstcall.ready.queries.preview import spoken
from firstcall.ready.rules.customer_import import Entry, Plan

TOLD = 200  # names in the journal
SLICE = 500  # rows in one statement's list
PLAIN = ("name", "key", "tier", "contract", "service_level", "minutes_a_month", "phone")
HOLDS = ("confirm_by", "sketched")
CONTACT = ("name", "role", "email", "phone")


def import_customers(*, preview: Preview, mark: str, good_only: bool, by: Actor, now: dt.datetime) -> dict[str, int]:
    """Do what the plan of this `mark` says; how many were made, changed, and left out.

    Raises Refused, and then nothing has changed: while a row is not right, unless `good_only`; when what is there has
    changed since the preview was looked at; when it was imported already. The number of statements grows with every
    hundred rows or so, not with each.
    """
    there = read_there()
    plan = plan_of(preview, there)
    if plan.missing is not None:
        raise Refused(spoken(plan.missing))
    if plan.mark != mark:
        raise _stale()
    if plan.bad and not good_only:
        raise Refused(_("Mend the file, or choose to leave out the rows that are not right. Nothing was imported."))
    counts = {"made": len(plan.made), "changed": len(plan.changed), "left": len(plan.bad)}
    try:
        with transaction.atomic():
            if not Preview.objects.filter(pk=preview.pk).delete()[0]:
                raise Refused(_("This was imported already."))
            list(Customer.objects.select_for_update().order_by("pk").values_list("pk"))
            if read_there() != there:
                raise _stale()
            _write(plan, by_saving(by=by, now=now))
            names = [one.name for one in (*plan.made, *plan.changed)]
            record(
                CUSTOMERS_IMPORTED, by=by, now=now, subject="customers:0", file=preview.name, same=plan.same, **counts,
                rows=names[:TOLD], lines=[one.line for one in plan.bad][:TOLD],
            )  # fmt: skip
    except IntegrityError:
        raise _stale() from None
    return counts


def _stale() -> Refused:
    return Refused(
        _("Something was changed since you looked. Nothing was imported: this is what importing would do now.")
    )


def _write(plan: Plan, holds: dict[str, Any]) -> None:
    """The rows. Whoever imports a file says of all it names that it `holds`."""
    users = {mail.lower(): pk for mail, pk in User.objects.values_list("email", "pk")}
    flows = dict(Flow.objects.values_list("slug", "pk"))
    rows = [_filled(Customer(), entry.facts | holds, users) for entry in plan.made]
    Customer.objects.bulk_create(rows)
    _change(plan.changed, users, holds)
    for some in _slices(plan.kept if holds else ()):
        Customer.objects.filter(pk__in=some).update(**holds)
    said = list(zip((row.pk for row in rows), plan.made, strict=True))
    again = [(one.number, one) for one in plan.changed if any(name == "flows" for name, _old, _new in one.fields)]
    through = Customer.flows.through
    for some in _slices(again):
        through.objects.filter(customer__in=[number for number, _entry in some]).delete()
    through.objects.bulk_create(
        through(customer_id=number, flow_id=flows[slug])
        for number, entry in (*said, *again)
        for slug in entry.facts.get("flows", ())
    )
    _people([*said, *((one.number, one) for one in plan.changed)])


def _filled(row: Customer, facts: dict[str, Any], users: dict[str, int]) -> Customer:
    for name in (*PLAIN, *HOLDS):
        if name in facts:
            setattr(row, name, facts[name])
    if "account_owner" in facts:
        row.account_owner_id = users[facts["account_owner"]]
    return row


def _change(changed: Sequence[Entry], users: dict[str, int], holds: dict[str, Any]) -> None:
    """Rows that change are read and written back in slices: an insert that meets its own row changes that."""
    rows = []
    for some in _slices(changed):
        found = Customer.objects.in_bulk([one.number for one in some])
        rows += [_filled(found[one.number], one.facts | holds, users) for one in some]
    Customer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=[*PLAIN, *HOLDS, "account_owner"]
    )


def _people(said: Sequence[tuple[int, Entry]]) -> None:
    """People who are new, and those of whom something is, each with the number of their customer."""
    rows = [
        Contact(
            pk=person.number or None, customer_id=number, name=person.name, role=person.role, email=person.email,
            phone=person.phone,
        )
        for number, entry in said
        for person in entry.people
    ]  # fmt: skip
    Contact.objects.bulk_create([row for row in rows if row.pk is None])
    Contact.objects.bulk_create(
        [row for row in rows if row.pk is not None], update_conflicts=True, unique_fields=["id"],
        update_fields=list(CONTACT),
    )  # fmt: skip


def _slices(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[at : at + SLICE] for at in range(0, len(rows), SLICE))
