"""Who is on call, asked by a program."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.people.commands.token import make_token
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.rules.window import Window
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WEEKDAYS = Window(frozenset({1, 2, 3, 4, 5}), dt.time(0), dt.time(0))


@pytest.fixture
def headers(cast: Cast) -> dict[str, str]:
    layer = Layer((cast.ben, cast.ada), dt.time(9), dt.date(2026, 11, 16), windows=(WEEKDAYS,))
    set_schedule(name="Payments", zone="Europe/Berlin", layers=[layer], by=MACHINE, now=clock.now())
    _row, secret = make_token(person=cast.ada, name="x", scope="act", days=30, by=actor_of(cast.ada), now=clock.now())
    return {"Authorization": f"Bearer {secret}"}


def get(path: str, headers: dict[str, str]) -> Any:
    return Client().get(f"/api/v1{path}", headers=headers)


def test_an_instant_is_answered_with_who_and_who_is_next(cast: Cast, headers: dict[str, str]) -> None:
    (row,) = get("/oncall?at=2026-11-20T22:00:00Z", headers).json()
    assert row["now"] == {"id": cast.ben.pk, "name": "Ben"}
    # Next comes nobody, on Saturday: a gap is said, not stepped over.
    assert (row["next"], row["next_at"]) == (None, "2026-11-20T23:00:00Z")


def test_two_weeks_are_told_with_their_gaps(headers: dict[str, str]) -> None:
    rows = get("/oncall/shifts?at=2026-11-20T22:00:00Z", headers).json()
    told = [(row["person"] and row["person"]["name"], row["starts"], row["ends"]) for row in rows]
    assert told[:4] == [
        ("Ben", "2026-11-20T22:00:00Z", "2026-11-20T23:00:00Z"),
        (None, "2026-11-20T23:00:00Z", "2026-11-22T23:00:00Z"),
        ("Ben", "2026-11-22T23:00:00Z", "2026-11-23T08:00:00Z"),
        ("Ada", "2026-11-23T08:00:00Z", "2026-11-27T23:00:00Z"),
    ]
    assert told[-1][2] == "2026-12-04T22:00:00Z"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?at=9999-12-31T23:59:59Z", "at"),
        ("?at=0001-01-01T00:00:00Z", "at"),
        ("?at=tomorrow", "at"),
        ("?at=2026-11-20T22:00:00", "at"),
        ("?days=0", "days"),
        ("?days=93", "days"),
        ("?days=a", "days"),
    ],
)
def test_what_can_not_be_answered_is_refused_at_its_name(headers: dict[str, str], query: str, field: str) -> None:
    answer = get(f"/oncall/shifts{query}", headers)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["message"].endswith(".")


def test_nobody_asks_without_a_token() -> None:
    assert get("/oncall/shifts", {}).status_code == 401


def test_it_asks_as_often_however_many_shifts_there_are(
    headers: dict[str, str], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        get("/oncall/shifts?days=92", headers)
