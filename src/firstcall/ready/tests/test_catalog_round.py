"""Whatever company stands in the tables: written to a file and applied to an empty house, it is the same company."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstcall.kernel.actor import MACHINE
from firstcall.people.models.team import Team
from firstcall.ready.catalogs.read import read_catalog
from firstcall.ready.catalogs.write import write_catalog
from firstcall.ready.commands.catalog import apply_catalog, plan_catalog
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.lane import LaneKind, LaneWhen
from firstcall.ready.models.schedule import Rotation, RotationMember
from firstcall.ready.queries.catalog import MODELS, ROWS, SETS, catalog_items, columns_of
from firstcall.ready.rules.catalog import BY_KIND, LANE, SHAPES, Field, Item, key_of, told_apart
from tests.cast import make_cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MAILS = ("ada@example.com", "ben@example.com", "cleo@example.com")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
KEYS = st.integers(0, 1)  # two of each kind
FIXED: dict[str, st.SearchStrategy[Any]] = {
    "days": st.sampled_from(["1", "12345", "67"]),
    "peak_days": st.sampled_from(["", "5", "12345"]),
    "status_url": st.sampled_from(["", "https://status.example.com/a?b=1#c"]),
    "first_steps_link": st.sampled_from(["", "https://wiki.example.com/a"]),
    "first_steps": st.lists(WORDS, max_size=7).map(lambda lines: "\n".join(" ".join(one.split()) for one in lines)),
    "wait_minutes": st.integers(1, 240),
    "severity": st.integers(1, 4),
    "length_days": st.integers(1, 365),
    "peak_from": st.none(),
    "peak_to": st.none(),
    "cost_per_hour_most": st.none(),
    "email": st.sampled_from(["", "eve@example.com"]),
}


def name_of(kind: str, n: int) -> str:
    return f"{kind}-{n}"


def value_of(one: Field, n: int) -> st.SearchStrategy[Any]:
    """Any value a field may have; `n` makes names differ."""
    if one.name in FIXED:
        return FIXED[one.name]
    usual = st.none() if one.default is None and not one.needed else st.nothing()
    makings: dict[str, st.SearchStrategy[Any]] = {
        "text": WORDS.map(lambda text: text[: one.most or 12]),
        "whole": st.integers(0, one.most or 10_000),
        "yes": st.booleans(),
        "day": st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)).map(dt.date.isoformat),
        "time": st.sampled_from(["00:00", "09:00", "23:59"]),
        "zone": st.sampled_from(["Europe/Berlin", "UTC"] if one.needed else ["", "UTC"]),
        "choice": st.sampled_from(one.choices or ("",)),
        "choices": st.sets(st.sampled_from(one.choices or ("",))).map(lambda some: tuple(sorted(some))),
        "mail": st.sampled_from(MAILS),
        "mails": st.lists(st.sampled_from(MAILS), min_size=1, max_size=3).map(tuple),
        "crew": st.sets(st.sampled_from(MAILS)).map(lambda some: tuple(sorted(some))),
        "ref": KEYS.map(lambda number: name_of(one.of, number)),
        "refs": st.sets(KEYS).map(lambda some: tuple(name_of(one.of, number) for number in sorted(some))),
        "hours": st.just(tuple(range(168))),
    }
    if one.name in ("slug", "name", "key"):
        return st.just(name_of("", n)) if one.name == "slug" else WORDS.map(lambda text: f"{n} {text}"[: one.most])
    if one.form == "rows":
        return st.lists(st.builds(dict, facts_of(one.rows, n)), min_size=int(one.needed), max_size=2).map(tuple)
    return usual | makings[one.form]


def facts_of(fields: tuple[Field, ...], n: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({one.name: value_of(one, n) for one in fields if one.form != "node"}).map(one_of_two)


def one_of_two(facts: dict[str, Any]) -> dict[str, Any]:
    """Where a row may have the one or the other, the first that is there; without either a person."""
    for first, other, needed in (
        ("person", "schedule", facts.get("kind") != "owners"), ("deputy", "deputy_schedule", False),
        ("flow", "team", False), ("component", "flow", False),
    ):  # fmt: skip
        if first in facts and other in facts:
            if facts[first] is not None:
                facts[other] = None
            elif facts[other] is None and needed:
                facts[first] = MAILS[0]
            if first == "person" and not needed:
                facts[first] = facts[other] = None
    for who, deputy in (("person", "deputy"), ("schedule", "deputy_schedule")):
        if deputy in facts and facts[who] == facts[deputy]:
            facts[deputy] = None
    if "lanes" in facts:
        facts["lanes"] = tuple(sorted(facts["lanes"], key=lambda lane: lane["after_minutes"]))
    if "severity_paths" in facts:
        by_severity = {row["severity"]: row for row in facts["severity_paths"]}
        facts["severity_paths"] = tuple(by_severity[severity] for severity in sorted(by_severity))
    return facts


@st.composite
def companies(draw: st.DrawFn) -> list[Item]:
    """Two of every kind, that refer to one another; up to four edges."""
    items = []
    for shape in SHAPES:
        for n in range(2):
            facts = draw(facts_of(shape.fields, n))
            if shape.key:
                facts[shape.key] = name_of(shape.kind, n)
            if shape.kind == "dependency":
                start = draw(st.sampled_from(["flow:flow-0", "component:component-0"]))
                noun = "component" if n else "provider"
                facts |= {"from": start, "to": f"{noun}:{noun}-1"}
            items.append(Item(shape.kind, key_of(shape, facts), facts))
    return told_apart(items)


def told(items: list[Item]) -> dict[tuple[str, str], Any]:
    return {(item.kind, item.key): dict(item.facts) for item in items}


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(company=companies())
def test_a_company_comes_back_from_its_file(cast: Any, company: list[Item]) -> None:
    with transaction.atomic():
        plan = plan_catalog(items=company, origin="one.yaml")
        assert plan.problems == ()
        apply_catalog(plan=plan, by=MACHINE, now=NOW)
        assert told(catalog_items()) == told(company)
        written = write_catalog(catalog_items())
        for model in reversed(MODELS.values()):
            model._base_manager.all().delete()
        items, _adopt, problems = read_catalog(written)
        assert problems == []
        apply_catalog(plan=plan_catalog(items=items, origin="one.yaml"), by=MACHINE, now=NOW)
        assert write_catalog(catalog_items()) == written
        assert told(catalog_items()) == told(company)
        transaction.set_rollback(True)


@pytest.fixture
def cast(db: None) -> Any:
    return make_cast()


ALWAYS = {
    "id": "a number of this store",
    "origin": "the name of the file itself",
    "sample": "the sample company is not exported",
}
LEFT_OUT = {
    (Customer, "ended_at"): "who is a customer no more is in no file",
    (Rotation, "calendar"): "a layer that follows a calendar is not part of the file; export names it",
}
NOT_IN_THE_FILE = {
    "acceptance": "a person says it, of themselves",
    "calendar": "its address is a secret",
    "calendarlink": "its address is a secret",
    "calendarshift": "read from a calendar",
    "change": "what happened",
    "move": "what another system said",
    "moved": "what another system calls a row",
    "preview": "a file that was only looked at",
    "drill": "what happened",
    "holecare": "what a person answered",
    "mapstamp": "made by the store",
    "override": "one evening, changed by hand",
    "readinessday": "what happened",
    "readinesslately": "reckoned from the rest",
    "severityrule": "has a page of its own, with what each change means",
    "swap": "what people agreed",
}


def kept_columns() -> dict[type[models.Model], set[str]]:
    """The columns that the file fills, by table."""
    found: dict[type[models.Model], set[str]] = {RotationMember: {"rotation_id", "order", "user_id"}}
    for shape in SHAPES:
        mine = found.setdefault(MODELS[shape.kind], set())
        for one in shape.fields:
            mine |= set(columns_of(shape.kind, one)) or {one.name}
            if one.name in ROWS and not columns_of(shape.kind, one):
                table, parent, order = ROWS[one.name]
                inner = {column for each in one.rows for column in columns_of(one.name, each)}
                found[table] = inner | {f"{parent}_id"} | {name for name in order if name != "pk"}
    return found


def test_every_column_is_in_the_file_or_has_a_reason_not_to_be() -> None:
    kept = kept_columns()
    for model, columns in kept.items():
        there = {one.attname for one in model._meta.fields} | {one.name for one in model._meta.many_to_many}
        out = set(ALWAYS) | {f"{name}_id" if name == "calendar" else name for of, name in LEFT_OUT if of is model}
        shapes = [shape for shape in SHAPES if MODELS[shape.kind] is model]
        nested = {one.name for shape in shapes for one in shape.fields if one.name in ROWS}
        assert there - columns - out == set(), model
        assert columns - there - nested == set(), model
    tables = {model._meta.model_name for model in apps.get_app_config("ready").get_models()}
    assert tables - {model._meta.model_name for model in kept} == set(NOT_IN_THE_FILE)
    assert Team in kept


def test_the_kinds_of_lanes_are_those_there_are() -> None:
    choices = {one.name: list(one.choices) for one in LANE}
    assert (choices["kind"], choices["when"]) == (LaneKind.values, LaneWhen.values)


def test_what_many_to_many_means_is_one_list() -> None:
    forms = {one.form for shape in SHAPES for one in shape.fields if not columns_of(shape.kind, one)}
    assert forms == {*SETS, "rows"}
    assert BY_KIND.keys() == MODELS.keys()
