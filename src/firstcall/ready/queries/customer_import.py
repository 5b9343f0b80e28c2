"""What an import of customers may name, and what a kept file would do now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from firstcall.kernel.say import Say
from firstcall.people.models.user import User
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.preview import spoken
from firstcall.ready.rules.customer_import import COLUMNS, FACTS, Bad, Known, Person, Plan, There, plan_import
from firstcall.ready.rules.table import Table, read_table, write_table


def read_there() -> There:
    """Every customer with its people and flows, and what cells may name. Five statements."""
    people: dict[int, list[Person]] = {}
    rows = Contact.objects.order_by("pk").values_list("customer", "name", "role", "email", "phone", "pk")
    for number, name, role, email, phone, pk in rows:
        people.setdefault(number, []).append(Person(name, role, email, phone, pk))
    uses: dict[int, list[str]] = {}
    for number, slug in Customer.flows.through.objects.values_list("customer", "flow__slug"):
        uses.setdefault(number, []).append(slug)
    columns = [*(name for name in FACTS if name not in ("account_owner", "flows")), "account_owner__email"]
    customers = []
    for number, origin, sample, *row in Customer.objects.order_by("pk").values_list("pk", "origin", "sample", *columns):
        known = dict(zip(columns, row, strict=True))
        known["account_owner"] = (known.pop("account_owner__email") or "").lower()
        known["flows"] = tuple(sorted(uses.get(number, ())))
        customers.append(Known(number, known, tuple(people.get(number, ())), origin, sample))
    flows = list(Flow.objects.values_list("slug", "name"))
    users = [(mail.lower(), name) for mail, name in User.objects.filter(is_active=True).values_list("email", "name")]
    return There(
        tuple(customers), _named((slug, slug, name) for slug, name in flows),
        _named((mail, mail, name) for mail, name in users),
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
    said = spoken(sentence)
    return f"{gettext(COLUMNS[field][0])}: {said}" if field else said
