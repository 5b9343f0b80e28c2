"""Customers out of a table: which column is what, what is wrong with each row, and what importing would do.

An empty cell leaves what is there. A further row of the same customer may add a person there; anything else said twice
is wrong. Matching is by the number in another system, else by name in any case of letters.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.people.rules.phone import is_phone
from firstcall.ready.rules.table import Row, Table

MOST_MINUTES = 31 * 24 * 60
# Field: how a person names it, the longest text (0: no text), and other names that columns have.
COLUMNS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "name": (_("Name"), 120, ("customer", "customername", "account", "accountname", "company", "companyname",
                              "organisation", "organization", "client")),
    "key": (_("Number elsewhere"), 80, ("id", "externalid", "customerid", "accountid", "customernumber", "number",
                                        "customerno", "accountnumber", "crmid")),
    "tier": (_("Tier"), 40, ("plan", "segment", "level", "class", "category")),
    "contract": (_("Has a contract"), 0, ("hascontract", "undercontract", "contracted")),
    "service_level": (_("Service level"), 200, ("servicelevelagreement", "sla", "agreement", "agreedservicelevel",
                                                "uptime")),
    "minutes_a_month": (_("Minutes a month it may stand still"), 0, ("minutes", "minutespermonth", "downtimeminutes",
                                                                     "alloweddowntime")),
    "phone": (_("Telephone"), 32, ("telephone", "phonenumber", "tel", "telephonenumber", "mainphone")),
    "account_owner": (_("Account owner"), 0, ("owner", "accountmanager", "csm", "salesperson", "owneremail",
                                              "accountowneremail")),
    "flows": (_("Uses"), 0, ("flow", "products", "product", "uses", "services", "flowsused", "modules")),
    "contact_name": (_("Person there"), 120, ("contact", "contactperson", "person", "contactfullname",
                                               "primarycontact")),
    "contact_role": (_("What they do"), 80, ("role", "title", "jobtitle", "position", "contacttitle")),
    "contact_email": (_("Their mail address"), 254, ("email", "mail", "emailaddress", "contactmail", "mailaddress")),
    "contact_phone": (_("Their telephone"), 32, ("mobile", "mobilephone", "contacttelephone", "contactmobile", "cell",
                                                 "directphone")),
}  # fmt: skip
FACTS = ("name", "key", "tier", "contract", "service_level", "minutes_a_month", "phone", "account_owner", "flows")
CONTACT = ("contact_name", "contact_role", "contact_email", "contact_phone")
YES, NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
SHORTENED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a customer; `number` is the row's, 0 for a new one."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as it is: `facts` by the names of FACTS, people by mail address, flows by slug in order."""

    number: int
    facts: Mapping[str, Any]
    people: tuple[Person, ...] = ()
    origin: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class There:
    """All a row may name. `flows` and `people` by what a cell may say in small letters; '' where it is not clear."""

    customers: tuple[Known, ...]
    flows: Mapping[str, str]
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field of a row; `field` '' is the whole row."""

    field: str
    sentence: Say


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is not imported, with all that is wrong with it."""

    line: int
    cells: tuple[str, ...]
    wrong: tuple[Wrong, ...]


@dataclass(slots=True)
class Entry:
    """What one customer becomes. `fields`: what changes, as (field, is, becomes); `people`: new, or with new facts."""

    line: int
    number: int
    name: str
    facts: dict[str, Any]
    fields: tuple[tuple[str, Any, Any], ...] = ()
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing would do. `kept` are the numbers of customers that stay the same, `mark` is the same only for the
    same plan; with a `missing` there is none. `unnamed` are those of ours that the file does not name, by name: none
    while a row is not right, for nobody knows whom it would have named."""

    made: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    kept: tuple[int, ...] = ()
    bad: tuple[Bad, ...] = ()
    missing: Say | None = None
    unnamed: tuple[Known, ...] = ()

    @property
    def same(self) -> int:
        return len(self.kept)

    @property
    def good(self) -> int:
        """Rows' worth of customers that can be imported."""
        return len(self.made) + len(self.changed) + self.same

    @property
    def mark(self) -> str:
        told = [
            [(one.number, one.facts, one.fields, [(p.number, p.name, p.role, p.email, p.phone) for p in one.people])
             for one in (*self.made, *self.changed)],
            self.same, [(one.line, [wrong.field for wrong in one.wrong]) for one in self.bad],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def guess_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The field of each column, '' for none; a field stands once, the first column that names it has it."""
    names = {alias: one for one, (_label, _most, aliases) in COLUMNS.items() for alias in (_bare(one), *aliases)}
    names |= {_bare(label): one for one, (label, _most, _aliases) in COLUMNS.items()}
    found: list[str] = []
    for cell in header:
        one = names.get(_bare(cell), "")
        found.append("" if one in found else one)
    return tuple(found)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def plan_import(table: Table, columns: Sequence[str], there: There) -> Plan:
    """What importing would do with these columns (as `guess_columns` gives them)."""
    if "name" not in columns and "key" not in columns:
        return Plan(missing=say(_("Say which column holds the name.")))
    return _Planner(columns, there).plan(table)


class _Planner:
    """Rows one by one; what was said before is remembered."""

    def __init__(self, columns: Sequence[str], there: There) -> None:
        self.columns, self.there = columns, there
        self.by_key = {one.facts["key"]: one for one in there.customers if one.facts["key"]}
        self.by_name: dict[str, list[Known]] = {}
        for one in there.customers:
            self.by_name.setdefault(one.facts["name"].casefold(), []).append(one)
        self.heads: dict[tuple[str, str], Entry | Bad] = {}
        self.taken: dict[int, int] = {}  # which line changes a customer that is there
        self.entries: list[tuple[Entry, Known | None]] = []
        self.bad: list[Bad] = []

    def plan(self, table: Table) -> Plan:
        for row in table.rows:
            wrong = [Wrong("", row.fault)] if row.fault else []
            said = {} if row.fault else {one: cell for one, cell in zip(self.columns, row.cells, strict=False) if one}
            facts = dict(self._facts(said, wrong))
            person = _person(said, wrong)
            self._take(row, facts, person, wrong)
        made, changed, kept = [], [], []
        for entry, known in self.entries:
            if known is None:
                made.append(entry)
                continue
            entry.fields = tuple(
                (name, known.facts[name], value) for name, value in entry.facts.items() if known.facts[name] != value
            )
            entry.people = list(_news(known.people, entry.people))
            if entry.fields or entry.people:
                changed.append(entry)
            else:
                kept.append(known.number)
        unnamed = [
            one
            for one in self.there.customers
            if not (self.bad or one.origin or one.sample or one.number in self.taken)
        ]
        unnamed.sort(key=lambda one: (one.facts["name"].casefold(), one.number))
        return Plan(tuple(made), tuple(changed), tuple(kept), tuple(self.bad), unnamed=tuple(unnamed))

    def _facts(self, said: Mapping[str, str], wrong: list[Wrong]) -> Iterator[tuple[str, Any]]:
        """What the cells say, without the empty ones."""
        for name in FACTS:
            cell = " ".join(said.get(name, "").split())
            if cell:
                try:
                    yield name, self._value(name, cell)
                except _Not as why:
                    wrong.append(Wrong(name, why.sentence))

    def _value(self, name: str, cell: str) -> Any:
        if name == "contract":
            if cell.casefold() not in YES + NO:
                raise _Not(say(_("“{cell}” is neither yes nor no."), cell=cell[:40]))
            return cell.casefold() in YES
        if name == "minutes_a_month":
            if not re.fullmatch(r"\d{1,5}", cell, re.ASCII) or int(cell) > MOST_MINUTES:
                raise _Not(say(_("Write whole minutes from 0 to {most}, without other signs."), most=MOST_MINUTES))
            return int(cell)
        if name == "account_owner":
            return self._named(cell, self.there.people, _("Nobody here has the mail address or the name “{cell}”."))
        if name == "flows":
            words = _("There is no flow “{cell}”.")
            return tuple(sorted({self._named(one, self.there.flows, words) for one in _split(cell)}))
        return _text(name, cell)

    def _named(self, cell: str, known: Mapping[str, str], words: str) -> str:
        found = known.get(cell.casefold())
        if found:
            return found
        if found == "":
            raise _Not(say(_("Several have the name “{cell}”: write the mail address or the slug."), cell=cell[:80]))
        near = difflib.get_close_matches(cell.casefold(), known, n=1, cutoff=0.75) if "@" not in cell[:80] else []
        sentence = say(words, cell=cell[:80])
        if near:
            sentence = say(_("{sentence} Did you mean “{near}”?"), sentence=words.format(cell=cell[:80]), near=near[0])
        raise _Not(sentence)

    def _take(self, row: Row, facts: dict[str, Any], person: Person | None, wrong: list[Wrong]) -> None:
        """The row becomes an entry, joins one, or is bad."""
        names = [("name", facts["name"].casefold())] if "name" in facts else []
        names += [("key", facts["key"])] if "key" in facts else []
        head = next((self.heads[one] for one in names if one in self.heads), None)
        if head is not None and not wrong:
            wrong += self._joins(head, facts, person)
            if not wrong:
                return
        if not names and not wrong:
            wrong.append(Wrong("name", say(_("There is no name here."))))
        known = None if head is not None or wrong else self._match(facts, row.line, wrong)
        entry: Entry | Bad
        if wrong:
            entry = Bad(row.line, row.cells, tuple(wrong))
            self.bad.append(entry)
        else:
            name = facts.get("name") or (known.facts["name"] if known else "")
            entry = Entry(row.line, known.number if known else 0, name, facts, people=[person] if person else [])
            self.entries.append((entry, known))
        for one in names:
            self.heads.setdefault(one, entry)

    def _joins(self, head: Entry | Bad, facts: Mapping[str, Any], person: Person | None) -> Iterator[Wrong]:
        """Whether a further row of a customer only adds a person."""
        if isinstance(head, Bad):
            yield Wrong("name", say(_("Line {line} names this customer first and is not right."), line=head.line))
        elif person is None or any(_folded(head.facts.get(name)) != _folded(value) for name, value in facts.items()):
            yield Wrong("name", say(_("This customer stands here twice, first in line {line}."), line=head.line))
        elif any(_same(person, one) for one in head.people):
            yield Wrong("contact_name", say(_("This person stands here twice, first in line {line} or after it."),
                                            line=head.line))  # fmt: skip
        else:
            head.people.append(person)

    def _match(self, facts: Mapping[str, Any], line: int, wrong: list[Wrong]) -> Known | None:
        """The customer that a row means, None for a new one."""
        name, key = facts.get("name", ""), facts.get("key", "")
        found = self.by_key.get(key) if key else None
        named = self.by_name.get(name.casefold(), [])
        mine = next((one for one in named if one.facts["name"] == name), None) or next(iter(named), None)
        if len(named) > 1 and found is None and (mine is None or mine.facts["name"] != name):
            wrong.append(Wrong("name", say(_("Several customers have this name: write it as it is here."))))
        elif found is not None and named and found not in named:
            words = _("The number is that of {other}, the name that of another customer.")
            wrong.append(Wrong("key", say(words, other=found.facts["name"])))
        elif found is None and mine is not None and key and mine.facts["key"]:
            words = _("{name} has the number {key} here: is this another customer of that name?")
            wrong.append(Wrong("key", say(words, name=mine.facts["name"], key=mine.facts["key"])))
        elif found is None and mine is None and not name:
            wrong.append(Wrong("name", say(_("No customer has this number yet, and there is no name here."))))
        known = found or mine
        if known is None or wrong:
            return None
        if known.origin:
            words = _("This customer comes from {file}: change it there and apply the file again.")
            wrong.append(Wrong("name", say(words, file=known.origin)))
        elif known.sample:
            wrong.append(Wrong("name", say(_("This customer is one of the sample company: remove that first."))))
        elif known.number in self.taken:
            words = _("This customer stands here twice, first in line {line}.")
            wrong.append(Wrong("name", say(words, line=self.taken[known.number])))
        else:
            self.taken[known.number] = line
        return known


class _Not(Exception):
    """A cell that is not as it must be."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def _text(name: str, cell: str) -> str:
    most = COLUMNS[name][1]
    if len(cell) > most:
        raise _Not(say(_("This is {n} characters long; {most} fit."), n=len(cell), most=most))
    if name.endswith("phone"):
        if SHORTENED.fullmatch(cell):
            raise _Not(say(_("A spreadsheet has shortened this number: make the column text there.")))
        if not is_phone(cell):
            raise _Not(say(_("“{cell}” is no telephone number."), cell=cell))
    if name == "contact_email" and not MAIL.fullmatch(cell):
        raise _Not(say(_("“{cell}” is no mail address."), cell=cell[:80]))
    return cell


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _split(cell: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,;|]", cell) if one.strip()]


def _person(said: Mapping[str, str], wrong: list[Wrong]) -> Person | None:
    found: dict[str, str] = {}
    for name in CONTACT:
        cell = " ".join(said.get(name, "").split())
        if cell:
            try:
                found[name.removeprefix("contact_")] = _text(name, cell)
            except _Not as why:
                wrong.append(Wrong(name, why.sentence))
    if found and "name" not in found:
        if not any(one.field == "contact_name" for one in wrong):
            wrong.append(Wrong("contact_name", say(_("There is a way to reach somebody here, but no name."))))
        return None
    if not found:
        return None
    return Person(found["name"], found.get("role", ""), found.get("email", ""), found.get("phone", ""))


def _same(one: Person, other: Person) -> bool:
    """By mail address where both have one, else by name."""
    if one.email and other.email:
        return one.email.casefold() == other.email.casefold()
    return one.name.casefold() == other.name.casefold()


def _news(there: Sequence[Person], said: Sequence[Person]) -> Iterator[Person]:
    """Those who are new, and those of whom something is; what is not said stays."""
    for person in said:
        old = next((one for one in there if _same(one, person)), None)
        if old is None:
            yield person
            continue
        new = Person(person.name, person.role or old.role, person.email or old.email, person.phone or old.phone,
                     old.number)  # fmt: skip
        if new != old:
            yield new
