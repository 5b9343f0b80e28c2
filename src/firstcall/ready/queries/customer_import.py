"""What an import of customers may name, and what a kept file would do now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from firstcall.journal.spoken import speak
from firstcall.kernel.say import Say
from firstcall.people.models.user import User
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.rules.customer_import import COLUMNS, FACTS, Bad, Known, Person, Plan, There, plan_import
from firstcall.ready.rules.table import Table, read_table, write_table

PLAIN = tuple(name for name in FACTS if name != "flows")  # columns of their own


@dataclass(frozen=True, slots=True)
class Stored:
    """All that an import may meet, as it is stored. Two of them are equal when nothing of it has changed."""

    customers: list[tuple[Any, ...]]  # number, origin, sample, and PLAIN
    contacts: list[tuple[Any, ...]]  # customer, name, role, mail, telephone, number
    uses: list[tuple[Any, ...]]  # customer, flow
    flows: list[tuple[Any, ...]]  # number, slug, name
    users: list[tuple[Any, ...]]  # number, mail, name, active


def read_stored() -> Stored:
    """Five statements."""
    return Stored(
        list(Customer.objects.order_by("pk").values_list("pk", "origin", "sample", *PLAIN)),
        list(Contact.objects.order_by("pk").values_list("customer", "name", "role", "email", "phone", "pk")),
        list(Customer.flows.through.objects.order_by("pk").values_list("customer", "flow")),
        list(Flow.objects.order_by("pk").values_list("pk", "slug", "name")),
        list(User.objects.order_by("pk").values_list("pk", "email", "name", "is_active")),
    )


def read_there() -> There:
    """Every customer with its people and flows, and what cells may name. Five statements."""
    return there_of(read_stored())


def there_of(stored: Stored) -> There:
    """What is stored, as a plan reads it. No statement."""
    people: dict[int, list[Person]] = {}
    for number, name, role, email, phone, pk in stored.contacts:
        people.setdefault(number, []).append(Person(name, role, email, phone, pk))
    slugs = {pk: slug for pk, slug, _name in stored.flows}
    mails = {pk: mail.lower() for pk, mail, *_rest in stored.users}
    uses: dict[int, list[str]] = {}
    for number, flow in stored.uses:
        uses.setdefault(number, []).append(slugs[flow])
    customers = []
    for number, origin, sample, *row in stored.customers:
        known = dict(zip(PLAIN, row, strict=True))
        known["account_owner"] = mails.get(known["account_owner"], "")
        known["flows"] = tuple(sorted(uses.get(number, ())))
        customers.append(Known(number, known, tuple(people.get(number, ())), origin, sample))
    return There(
        tuple(customers), _named((slug, slug, name) for _pk, slug, name in stored.flows),
        _named((mails[pk], mails[pk], name) for pk, _mail, name, active in stored.users if active),
    )  # fmt: skip


def _named(rows: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What each sure name and each name that only one has leads to; '' for a name of several."""
    found: dict[str, str] = {}
    sure = {}
    for value, certain, name in rows:
        sure[certain.casefold()] = value
        found[name.casefold()] = "" if name.casefold() in found else value
    return found | sure


def table_of(preview: Preview) -> Table:
    """The kept table. No statement."""
    return read_table(preview.text)


def plan_of(preview: Preview, there: There) -> Plan:
    """What importing it would do. No statement."""
    return plan_import(table_of(preview), preview.columns, there)


def bad_rows(header: tuple[str, ...], bad: Iterable[Bad]) -> str:
    """The rows that are not right as CSV, with their lines and what is wrong, to be mended and imported again."""
    rows = [[*header, "line", "what is wrong"]]
    for one in bad:
        cells = [*one.cells, *[""] * (len(header) - len(one.cells))]
        reasons = " ".join(words(wrong.field, wrong.sentence) for wrong in one.wrong)
        rows.append([*cells[: len(header)], str(one.line), reasons])
    return write_table(rows)


def words(field: str, sentence: Say) -> str:
    """'Telephone: …', translated."""
    said = speak(sentence)
    return f"{gettext(COLUMNS[field][0])}: {said}" if field else said
