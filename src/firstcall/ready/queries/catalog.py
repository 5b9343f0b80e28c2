"""What is prepared, as the rows of a catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.models.change import ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.duty import Duty
from firstcall.ready.models.flow import Flow, FlowPath
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Rotation, RotationMember, Schedule
from firstcall.ready.rules.catalog import BY_KIND, Field, Item, key_of, told_apart

# What refers to others stands after them.
MODELS: dict[str, type[Any]] = {
    "team": Team, "schedule": Schedule, "path": EscalationPath, "provider": Provider, "component": Component,
    "flow": Flow, "dependency": Dependency, "customer": Customer, "duty": Duty, "release_window": ReleaseWindow,
}  # fmt: skip
# The rows within a row: their table, the column that says whose they are, their order.
ROWS: dict[str, tuple[type[Any], str, tuple[str, ...]]] = {
    "layers": (Rotation, "schedule", ("position", "pk")),
    "steps": (EscalationStep, "path", ("order",)),
    "lanes": (Lane, "path", ("after_minutes", "pk")),
    "severity_paths": (FlowPath, "flow", ("severity",)),
    "contacts": (Contact, "customer", ("pk",)),
}
ENDS = {
    "from": {"flow": "flow_id", "component": "from_component_id"},
    "to": {"component": "component_id", "provider": "provider_id"},
}
HOURS = {"from": "starts", "to": "ends"}
SETS = ("crew", "refs")  # many to many


def columns_of(kind: str, one: Field) -> tuple[str, ...]:
    """The columns that keep a field; of an edge's end those of each kind it may be. None: it has rows of its own."""
    if one.form == "node":
        return tuple(ENDS[one.name].values())
    if one.form in (*SETS, "mails") or one.name in ROWS:
        return ()
    if one.form in ("mail", "ref"):
        return ("user_id" if one.name == "person" else f"{one.name}_id",)
    return (HOURS.get(one.name, one.name) if kind == "release_window" else one.name,)


def people() -> dict[str, int]:
    """Ids by mail address in small letters. One statement."""
    return {email.lower(): pk for pk, email in User.objects.filter(is_active=True).values_list("pk", "email")}


def catalog_items(*, samples: bool = False) -> list[Item]:
    """Every prepared row; those of the sample company only with `samples`. Twenty statements, however many rows.

    A schedule with a layer that follows a calendar says nothing of that layer.
    """
    return told_apart(_Reader(samples=samples).items())


class _Reader:
    """Reads plain values, each table once: thousands of rows become facts without an object for each."""

    def __init__(self, *, samples: bool) -> None:
        self._samples = samples
        self._mails = {pk: email.lower() for pk, email in User.objects.values_list("pk", "email")}
        self._keys: dict[str, dict[int, str]] = {}
        self._sample: set[str] = set()  # 'component:pay': whose edges and windows are no more real than itself

    def items(self) -> Iterator[Item]:
        for kind, model in MODELS.items():
            shape, keys = BY_KIND[kind], self._keys.setdefault(kind, {})
            facts_of = {one.name: self._reading(kind, one) for one in shape.fields}
            flat = [column for one in shape.fields for column in columns_of(kind, one)]
            marks = ["sample"] if any(one.name == "sample" for one in model._meta.fields) else []
            for values in model.objects.order_by("pk").values("pk", "origin", *marks, *flat):
                facts = {name: fact(values) for name, fact in facts_of.items()}
                key = keys[values["pk"]] = key_of(shape, facts)
                ends = () if shape.key else key.split(" > ")
                sample = values.get("sample", False) or not self._sample.isdisjoint(ends)
                if sample:
                    self._sample.add(f"{kind}:{key}")
                if self._samples or not sample:
                    yield Item(kind, key, facts, origin=values["origin"], id=values["pk"])

    def _reading(self, kind: str, one: Field) -> Callable[[dict[str, Any]], Any]:
        """How a field is read off the values of its row."""
        columns = columns_of(kind, one)
        if not columns:
            within = self._within(MODELS[kind], one)
            return lambda values: within.get(values["pk"], ())
        if one.form == "node":
            return lambda values: next(
                f"{noun}:{self._keys[noun][values[column]]}"
                for noun, column in ENDS[one.name].items()
                if values[column] is not None
            )
        [column] = columns
        read = itemgetter(column)
        make = self._making(one)
        if make is None:
            return read
        return lambda values: None if (value := read(values)) is None else make(value)

    def _making(self, one: Field) -> Callable[[Any], Any] | None:
        """A fact out of a stored value; None: it is the value itself."""
        makings: dict[str, Callable[[Any], Any]] = {
            "mail": self._mails.__getitem__,
            "rows": lambda rows: tuple({name: row[name] for name in ("days", "from", "to")} for row in rows),
            "choices": lambda values: tuple(sorted(values)),
            "hours": tuple,
            "day": dt.date.isoformat,
            "time": lambda wall: f"{wall:%H:%M}",
        }
        return self._keys[one.of].__getitem__ if one.form == "ref" else makings.get(one.form)

    def _within(self, model: type[Any], one: Field) -> dict[int, tuple[Any, ...]]:
        """What stands in rows of its own, by the row it belongs to."""
        found: dict[int, list[Any]] = {}
        if one.form in SETS:
            link = model._meta.get_field(one.name)
            names = self._mails if one.form == "crew" else self._keys[one.of]
            pairs = link.remote_field.through.objects.values_list(link.m2m_column_name(), link.m2m_reverse_name())
            for pk, other in pairs:
                found.setdefault(pk, []).append(names[other])
            return {pk: tuple(sorted(values)) for pk, values in found.items()}
        table, parent, order = ROWS[one.name]
        facts_of = {each.name: self._reading(one.name, each) for each in one.rows if each.form != "mails"}
        flat = [column for each in one.rows for column in columns_of(one.name, each)]
        rows = table.objects.order_by(f"{parent}_id", *order)
        if table is Rotation:
            rows, crews = rows.filter(calendar=None), self._crews()
            facts_of["members"] = lambda values: crews.get(values["pk"], ())
        for values in rows.values("pk", f"{parent}_id", *flat):
            facts = {each.name: facts_of[each.name](values) for each in one.rows}
            found.setdefault(values[f"{parent}_id"], []).append(facts)
        return {pk: tuple(values) for pk, values in found.items()}

    def _crews(self) -> dict[int, tuple[str, ...]]:
        """Who takes turns in each layer, in their order."""
        found: dict[int, list[str]] = {}
        for layer, user in RotationMember.objects.order_by("rotation", "order").values_list("rotation_id", "user_id"):
            found.setdefault(layer, []).append(self._mails[user])
        return {layer: tuple(mails) for layer, mails in found.items()}
