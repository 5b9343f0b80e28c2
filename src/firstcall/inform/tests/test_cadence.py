"""When each audience must hear."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.inform.rules.cadence import clock, fall_together, minutes_for, next_due, owed_the_end
from firstcall.ready.rules.severity import DEFAULTS

OPENED = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
SEV1, SEV2, SEV3, SEV4 = DEFAULTS


def at(minutes: int) -> dt.datetime:
    return OPENED + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("audience", "rule", "minutes", "due", "state"),
    [
        ("support", SEV1, 1, 10, "waiting"),
        ("support", SEV1, 6, 10, "soon"),
        ("support", SEV1, 10, 10, "late"),
        ("public", SEV1, 1, 15, "waiting"),
        ("leadership", SEV1, 1, 10, "waiting"),
        ("leadership", SEV2, 1, None, "none"),
        ("public", SEV3, 500, None, "none"),
        ("inside", SEV4, 500, None, "none"),
    ],
)
def test_the_first_word(audience: str, rule: object, minutes: int, due: int | None, state: str) -> None:
    found = clock(
        audience=audience, rule=rule, began_at=OPENED, last_at=None, promised_at=None, open_=True,  # type: ignore[arg-type]
        now=at(minutes),
    )  # fmt: skip
    assert (found.first, found.due_at, found.state) == (True, None if due is None else at(due), state)


def test_after_a_word_the_promise_counts_then_the_rhythm() -> None:
    known = {"audience": "public", "rule": SEV1, "began_at": OPENED, "last_at": at(9), "now": at(20)}
    assert clock(**known, promised_at=at(25), open_=True).due_at == at(25)  # type: ignore[arg-type]
    assert clock(**known, promised_at=None, open_=True).due_at == at(39)  # type: ignore[arg-type]
    assert clock(**known, promised_at=at(25), open_=False).state == "none"  # type: ignore[arg-type]


def test_what_an_update_promises_by_itself() -> None:
    assert next_due("public", SEV1, now=at(9)) == at(39)
    assert next_due("public", SEV3, now=at(9)) is None


@pytest.mark.parametrize(("people", "together"), [(0, True), (1, True), (2, True), (3, False), (5, False)])
def test_with_fewer_than_three_people_the_clocks_fall_together(people: int, together: bool) -> None:
    assert fall_together(people) is together


@pytest.mark.parametrize(
    ("audience", "rule", "first", "minutes"),
    [
        ("public", SEV1, True, 10),
        ("support", SEV1, True, 10),
        ("public", SEV2, True, 15),
        ("public", SEV2, False, 60),
        ("leadership", SEV2, True, None),
        ("public", SEV3, True, None),
        ("inside", SEV3, True, 60),
        ("inside", SEV4, True, None),
    ],
)
def test_together_everybody_hears_with_the_first(audience: str, rule: object, first: bool, minutes: int | None) -> None:
    assert minutes_for(audience, rule, first=first, together=True) == minutes  # type: ignore[arg-type]


def test_a_promise_that_was_given_stands_though_the_clocks_fall_together() -> None:
    found = clock(
        audience="public", rule=SEV1, began_at=OPENED, last_at=at(9), promised_at=at(50), open_=True, now=at(20),
        together=True,
    )  # fmt: skip
    assert (found.due_at, found.state) == (at(50), "waiting")


@pytest.mark.parametrize(("audience", "due"), [("public", at(15)), ("support", None), ("leadership", None)])
def test_nothing_is_owed_to_an_audience_without_anybody_but_customers_wait_all_the_same(
    audience: str, due: dt.datetime | None
) -> None:
    found = clock(
        audience=audience, rule=SEV1, began_at=OPENED, last_at=None, promised_at=None, open_=True, now=at(1),
        heard=False,
    )  # fmt: skip
    assert (found.due_at, found.heard) == (due, False)


@pytest.mark.parametrize(
    ("state", "told", "owed"),
    [
        ("monitoring", {"public": "investigating"}, ()),
        ("resolved", {}, ()),
        ("resolved", {"public": "investigating", "support": "resolved", "inside": "monitoring"}, ("inside", "public")),
        ("closed", {"leadership": "identified", "public": "resolved"}, ("leadership",)),
        ("resolved", {"public": "resolved"}, ()),
    ],
)
def test_the_end_is_owed_to_who_heard_of_it_and_to_nobody_else(
    state: str, told: dict[str, str], owed: tuple[str, ...]
) -> None:
    assert owed_the_end(state, told) == owed
