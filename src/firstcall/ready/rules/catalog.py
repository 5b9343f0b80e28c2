"""The catalogue: what a file may say of each kind of row, and the difference between a file and what is.

A row's facts are plain JSON values: texts, whole numbers, days as ISO 8601, people by mail address, other rows by key.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from firstcall.ready.rules.severity import ALL_ROLES

Form = Literal[
    "text", "whole", "yes", "day", "time", "zone", "choice", "choices", "mail", "mails", "crew", "ref", "refs", "node",
    "hours", "rows",
]  # fmt: skip
WHOLE_MOST = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row. `most`: characters of a text, or the largest number; `of`: the kind it refers to.

    Mails are in order, a crew isn't. A `kept` field that the file leaves out stays as it is; any other is then empty.
    """

    name: str
    form: Form = "text"
    default: Any = ""
    most: int = 0
    choices: tuple[str, ...] = ()
    of: str = ""
    rows: tuple[Field, ...] = ()
    kept: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of row: its `heading` in the file and the field that is its `key` there.

    Without such a field `parts` name it together. Where two rows may then be named alike (`repeats`), the second is
    '… (2)'.
    """

    kind: str
    heading: str
    key: str
    fields: tuple[Field, ...]
    parts: tuple[str, ...] = ()
    repeats: bool = False


def _steps() -> tuple[Field, ...]:
    return (
        Field("first_steps", most=4000), Field("first_steps_link", most=500),
        Field("first_steps_tried", "day", None, kept=True),
    )  # fmt: skip


def _prepared() -> tuple[Field, ...]:
    return (Field("sketched", "yes", False, kept=True), Field("confirm_by", "day", None, kept=True))


SLUG, NAME = Field("slug", most=50, needed=True), Field("name", most=120, needed=True)
OWNER = Field("owner", "mail", None)
TEAM = Field("team", "ref", None, of="team")
WINDOW = (
    Field("days", most=7, needed=True), Field("from", "time", None, needed=True),
    Field("to", "time", None, needed=True),
)  # fmt: skip
LAYER = (
    Field("name", most=120), Field("zone", "zone"), Field("members", "mails", (), needed=True),
    Field("length_days", "whole", 7, most=365), Field("length_hours", "whole", 0, most=8760),
    Field("handover", "time", None, needed=True), Field("starts", "day", None, needed=True),
    Field("until", "day", None), Field("windows", "rows", (), rows=WINDOW),
)  # fmt: skip
STEP = (
    Field("schedule", "ref", None, of="schedule"), Field("person", "mail", None),
    Field("wait_minutes", "whole", 5, most=240),
)  # fmt: skip
LANE = (
    Field("kind", "choice", None, choices=("leadership", "support", "owners", "vendor", "other"), needed=True),
    Field("schedule", "ref", None, of="schedule"), Field("person", "mail", None),
    Field("severity", "whole", 1, most=4), Field("after_minutes", "whole", 0, most=240),
    Field("when", "choice", "always", choices=("always", "contract", "provider")),
)  # fmt: skip
CONTACT = (NAME, Field("role", most=80), Field("email", most=254), Field("phone", most=32))
SEVERITY_PATH = (
    Field("severity", "whole", None, most=4, needed=True), Field("path", "ref", None, of="path", needed=True),
)  # fmt: skip

SHAPES: tuple[Shape, ...] = (
    Shape("team", "teams", "slug", (SLUG, NAME, Field("members", "crew", ()))),
    Shape(
        "schedule", "schedules", "name",
        (NAME, Field("zone", "zone", needed=True), OWNER, TEAM, Field("layers", "rows", (), rows=LAYER, needed=True),
         *_prepared()),
    ),
    Shape(
        "path", "paths", "name",
        (NAME, OWNER, Field("steps", "rows", (), rows=STEP, needed=True), Field("lanes", "rows", (), rows=LANE),
         *_prepared()),
    ),
    Shape(
        "provider", "providers", "slug",
        (SLUG, NAME, OWNER, Field("support_contact", most=200), Field("phone", most=32), Field("contract", most=120),
         Field("without", most=4000), Field("status_url", most=200), Field("status_parts", most=4000), *_steps(),
         *_prepared()),
    ),
    Shape("component", "components", "slug", (SLUG, NAME, OWNER, TEAM, *_steps(), *_prepared())),
    Shape(
        "flow", "flows", "slug",
        (SLUG, NAME, Field("criticality", "choice", "important", choices=("critical", "important", "minor")),
         Field("stops", most=4000), Field("cost_per_hour", "whole", None), Field("cost_per_hour_most", "whole", None),
         Field("users_per_hour", "whole", None), Field("transactions_per_hour", "whole", None),
         Field("by_hour", "hours", None), Field("stakes", "choices", (), choices=("contract", "law", "trust")),
         Field("peak_days", most=7), Field("peak_from", "whole", None, most=23),
         Field("peak_to", "whole", None, most=24), Field("workaround", most=4000),
         OWNER, Field("technical_owner", "mail", None), TEAM,
         Field("path", "ref", None, of="path"), Field("severity_paths", "rows", (), rows=SEVERITY_PATH),
         Field("words_customers", most=4000), Field("words_support", most=4000), *_steps(), *_prepared()),
    ),
    Shape(
        "dependency", "dependencies", "",
        (Field("from", "node", None, needed=True), Field("to", "node", None, needed=True),
         Field("hard", "yes", True), Field("fallback", "choice", "none", choices=("none", "manual", "automatic")),
         Field("fallback_how", most=300), Field("fallback_tested", "day", None, kept=True)),
        parts=("from", "to"),
    ),
    Shape(
        "customer", "customers", "name",
        (NAME, Field("key", most=80), Field("tier", most=40), Field("contract", "yes", False),
         Field("service_level", most=200), Field("minutes_a_month", "whole", None), Field("phone", most=32),
         Field("account_owner", "mail", None), Field("flows", "refs", (), of="flow"),
         Field("contacts", "rows", (), rows=CONTACT), *_prepared()),
    ),
    Shape(
        "duty", "roles", "",
        (Field("role", "choice", None, choices=ALL_ROLES, needed=True), Field("flow", "ref", None, of="flow"), TEAM,
         Field("schedule", "ref", None, of="schedule"), Field("person", "mail", None),
         Field("deputy_schedule", "ref", None, of="schedule"), Field("deputy", "mail", None),
         Field("windows", "rows", (), rows=WINDOW), *_prepared()),
        parts=("role", "flow", "team", "windows"), repeats=True,
    ),
    Shape(
        "release_window", "release_windows", "",
        (Field("component", "ref", None, of="component"), Field("flow", "ref", None, of="flow"),
         Field("days", most=7, needed=True), Field("from", "time", None, needed=True),
         Field("to", "time", None, needed=True), Field("zone", "zone", needed=True)),
        parts=("component", "flow", "days", "from", "to", "zone"), repeats=True,
    ),
)  # fmt: skip
BY_KIND = {shape.kind: shape for shape in SHAPES}
BY_HEADING = {shape.heading: shape for shape in SHAPES}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file: `line` and `column` count from 1, `field` is '' for the whole row or file."""

    line: int
    column: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row as a file or the database has it: `lines` are those of its fields in the file, `id` the stored row's."""

    kind: str
    key: str
    facts: Mapping[str, Any]
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    origin: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """`fields` of a changed row: name, what is, what the file says. `adopted`: the row was not this file's before."""

    item: Item
    what: Literal["made", "changed", "same", "gone"]
    fields: tuple[tuple[str, Any, Any], ...] = ()
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What applying a file would do. `taken` are rows of the file's keys that belong to a hand or another file."""

    changes: tuple[Change, ...]
    taken: tuple[tuple[Item, str], ...]

    def of(self, what: str) -> list[Change]:
        """The changes of one sort, in the order of the file."""
        return [change for change in self.changes if change.what == what]


def key_of(shape: Shape, facts: Mapping[str, Any]) -> str:
    """What names a row among its kind."""
    if shape.key:
        return str(facts[shape.key])
    forms = {one.name: one for one in shape.fields}
    return " > ".join(_said(forms[name], facts[name]) for name in shape.parts if facts[name])


def _said(one: Field, value: Any) -> str:
    if one.form == "rows":
        return ", ".join(f"{row['days']} {row['from']}-{row['to']}" for row in value)
    return f"{one.of}:{value}" if one.form == "ref" else str(value)


def told_apart(items: Iterable[Item]) -> list[Item]:
    """The same rows; of those that may be named alike, and are, the second is called '… (2)'."""
    found: list[Item] = []
    seen: Counter[tuple[str, str]] = Counter()
    for item in items:
        seen[item.kind, item.key] += 1
        count = seen[item.kind, item.key]
        found.append(replace(item, key=f"{item.key} ({count})") if count > 1 and BY_KIND[item.kind].repeats else item)
    return found


def difference(wanted: Sequence[Item], there: Sequence[Item], *, origin: str, adopt: bool) -> Difference:
    """What is to be made, changed or left, and what this file (`origin`) once brought and no longer names."""
    known = {(item.kind, item.key): item for item in there}
    changes, taken = [], []
    for item in wanted:
        old = known.pop((item.kind, item.key), None)
        if old is None:
            changes.append(Change(item, "made"))
            continue
        adopted = old.origin != origin
        if adopted and not adopt:
            taken.append((item, old.origin))
        fields = tuple(
            (one.name, old.facts[one.name], item.facts[one.name])
            for one in BY_KIND[item.kind].fields
            if one.name in item.facts and old.facts[one.name] != item.facts[one.name]
        )
        changes.append(Change(item, "changed" if fields or adopted else "same", fields, adopted))
    changes += [Change(item, "gone") for item in known.values() if item.origin == origin]
    return Difference(tuple(changes), tuple(taken))


def references(item: Item) -> Iterator[tuple[str, str, str]]:
    """Whom and what a row names: (kind or 'person', key, field)."""
    yield from _references(BY_KIND[item.kind].fields, item.facts, "")


def _references(fields: Sequence[Field], facts: Mapping[str, Any], within: str) -> Iterator[tuple[str, str, str]]:
    for one in fields:
        value, name = facts.get(one.name), within or one.name
        if not value:
            continue
        if one.form in ("mail", "mails", "crew"):
            yield from (("person", mail, name) for mail in ([value] if one.form == "mail" else value))
        elif one.form in ("ref", "refs"):
            yield from ((one.of, key, name) for key in ([value] if one.form == "ref" else value))
        elif one.form == "node":
            kind, _colon, key = value.partition(":")
            yield kind, key, name
        elif one.form == "rows":
            for row in value:
                yield from _references(one.rows, row, name)


def missing(items: Sequence[Item], known: Collection[tuple[str, str]]) -> list[tuple[Item, str, str, str, str]]:
    """References to nothing: (row, kind, key, field, the nearest key there is or '')."""
    there = set(known) | {(item.kind, item.key) for item in items}
    found = []
    for item in items:
        for kind, key, name in references(item):
            if (kind, key) not in there:
                near = difflib.get_close_matches(key, [other for sort, other in there if sort == kind], n=1, cutoff=0.8)
                found.append((item, kind, key, name, near[0] if near else ""))
    return found
