"""Rows of a catalogue go into their tables and out of them, in bulk. Within the transaction of `apply_catalog`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from firstcall.kernel.refusal import Refused
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.duty import Acceptance
from firstcall.ready.models.schedule import RotationMember
from firstcall.ready.queries.catalog import ENDS, MODELS, ROWS, SETS, columns_of
from firstcall.ready.rules.catalog import BY_KIND, Change, Field, Item

AT_ONCE = 500  # rows of one statement
UPKEEP = ("sketched", "confirm_by")  # who takes a role upon them is not asked again for a change of these


def hold(items: Iterable[Item]) -> None:
    """Nobody else changes these rows until the transaction ends. On SQLite nobody else writes at all."""
    if not connection.features.has_select_for_update:
        return
    for kind, mine in groupby(sorted(items, key=lambda item: (item.kind, item.id)), key=lambda item: item.kind):
        ids = [item.id for item in mine]
        for start in range(0, len(ids), AT_ONCE):
            rows = MODELS[kind].objects.select_for_update().filter(pk__in=ids[start : start + AT_ONCE]).order_by("pk")
            list(rows.values_list("pk", flat=True))


@dataclass(slots=True)
class RowWriter:
    """Writes as the file `origin`. `there` are the rows there are, by kind and key, `users` ids by mail address."""

    origin: str
    there: Mapping[tuple[str, str], Item]
    users: Mapping[str, int]
    now: dt.datetime
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = {key: item.id for key, item in self.there.items()}

    def write(self, changes: Sequence[Change]) -> None:
        """Make and change rows, those that others refer to first."""
        for kind in MODELS:
            mine = [change for change in changes if change.item.kind == kind]
            if mine:
                self._rows(kind, mine)
                for one in BY_KIND[kind].fields:
                    if not columns_of(kind, one):
                        told = [c for c in mine if c.what == "made" or one.name in {name for name, *_ in c.fields}]
                        self._within(kind, one, [c.item for c in told])
                if kind == "duty":
                    self._ask_again(mine)

    def _rows(self, kind: str, changes: Sequence[Change]) -> None:
        """The rows themselves. A field that is kept and not in the file is not touched."""
        model = MODELS[kind]
        groups: dict[tuple[str, tuple[str, ...]], list[tuple[str, Any]]] = {}
        sample = any(one.name == "sample" for one in model._meta.fields)
        for change in changes:
            columns = self._columns(kind, change.item) | {"origin": self.origin} | ({"sample": False} if sample else {})
            row = model(pk=self.ids.get((kind, change.item.key)), **columns)
            groups.setdefault((change.what, tuple(columns)), []).append((change.item.key, row))
        for (what, names), rows in groups.items():
            made = [row for _key, row in rows]
            if what == "made":
                model.objects.bulk_create(made, AT_ONCE)
                self.ids |= {(kind, key): row.pk for key, row in rows}
            else:  # one statement changes many rows, each in its own way
                model.objects.bulk_create(
                    made, AT_ONCE, update_conflicts=True, update_fields=list(names), unique_fields=["id"]
                )

    def _columns(self, kind: str, item: Item) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in BY_KIND[kind].fields:
            if one.name in item.facts:
                found |= self._column(kind, one, item.facts[one.name])
        return found

    def _column(self, kind: str, one: Field, value: Any) -> dict[str, Any]:
        """A field as its columns."""
        columns = columns_of(kind, one)
        if one.form == "node":
            noun, _colon, key = value.partition(":")
            mine = ENDS[one.name][noun]
            return {column: self._id(noun, key) if column == mine else None for column in columns}
        if not columns:
            return {}
        if value is not None and one.form in ("mail", "ref"):
            value = self._id(one.of, value)
        elif value is not None and one.form in ("day", "time"):
            value = (dt.date if one.form == "day" else dt.time).fromisoformat(value)
        elif isinstance(value, tuple):
            value = list(value)
        return {columns[0]: value}

    def _id(self, kind: str, key: str) -> int:
        """A row's number, or with no kind a person's. Raises Refused for what is there no more."""
        number = self.ids.get((kind, key)) if kind else self.users.get(key)
        if number is None:
            raise Refused(_("Nothing was changed: {key} is no longer there. Look again.").format(key=key))
        return number

    def _within(self, kind: str, one: Field, items: Sequence[Item]) -> None:
        """What stands in rows of its own, anew."""
        parents = [(self.ids[kind, item.key], item.facts[one.name]) for item in items if one.name in item.facts]
        numbers = [number for number, _values in parents]
        if one.form in SETS:
            link = MODELS[kind]._meta.get_field(one.name)
            through, mine, other = link.remote_field.through, link.m2m_column_name(), link.m2m_reverse_name()
            _clear(through, mine, numbers)
            through.objects.bulk_create(
                [through(**{mine: number, other: self._id(one.of, key)}) for number, keys in parents for key in keys],
                AT_ONCE,
            )
            return
        table, parent, order = ROWS[one.name]
        _clear(table, f"{parent}_id", numbers, **({"calendar": None} if one.name == "layers" else {}))
        rows = [
            (facts, self._inner(one, facts, order[0], place) | {f"{parent}_id": number})
            for number, values in parents
            for place, facts in enumerate(values)
        ]
        made = table.objects.bulk_create([table(**columns) for _facts, columns in rows], AT_ONCE)
        if one.name == "layers":
            RotationMember.objects.bulk_create(
                [
                    RotationMember(rotation=row, order=place, user_id=self._id("", mail))
                    for row, (facts, _columns) in zip(made, rows, strict=True)
                    for place, mail in enumerate(facts["members"])
                ],
                AT_ONCE,
            )

    def _inner(self, one: Field, facts: Mapping[str, Any], counted: str, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {counted: place} if counted in ("order", "position") else {}
        for each in one.rows:
            found |= self._column(one.name, each, facts[each.name])
        return found

    def _ask_again(self, changes: Sequence[Change]) -> None:
        """Who had accepted a role that is another now has not accepted that one."""
        other = [c for c in changes if any(name not in UPKEEP for name, _old, _new in c.fields)]
        _clear(Acceptance, "duty_id", [self.ids["duty", change.item.key] for change in other])

    def remove(self, items: Sequence[Item]) -> None:
        """What the file no longer names leaves, what refers to others first. A customer ends, and keeps its name."""
        for kind in reversed(MODELS):
            ids = [item.id for item in items if item.kind == kind]
            if kind == "customer":
                _clear(Contact, "customer_id", ids)
                _clear(Customer.flows.through, "customer_id", ids)
                for start in range(0, len(ids), AT_ONCE):
                    Customer.objects.filter(pk__in=ids[start : start + AT_ONCE]).update(
                        key="", phone="", contract=False, account_owner=None, ended_at=self.now
                    )
            else:
                _clear(MODELS[kind], "id", ids)


def _clear(model: type[Any], column: str, numbers: Sequence[int], **more: Any) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        model._default_manager.filter(**{f"{column}__in": numbers[start : start + AT_ONCE]}, **more).delete()
