"""What a status page says, and how sure that is."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.inform.rules.status import Said, Word, component_status, confirm_due, headline

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], "operational"),
        ([Said("investigating", 1, 7)], "major_outage"),
        ([Said("identified", 2, 7)], "partial_outage"),
        ([Said("investigating", 3, 7)], "degraded_performance"),
        ([Said("monitoring", 1, 7)], "degraded_performance"),
        ([Said("resolved", 1, 7)], "operational"),
        ([Said("investigating", 1, 8)], "operational"),
        ([Said("investigating", 2, None)], "partial_outage"),
        ([Said("investigating", 3, 7), Said("investigating", 1, 7)], "major_outage"),
    ],
)
def test_a_part_follows_what_was_said_about_its_flow(said: list[Said], expected: str) -> None:
    assert component_status(7, said) == expected


@pytest.mark.parametrize(
    ("seconds", "open_", "due"),
    [(None, False, True), (59, True, False), (60, True, True), (299, False, False), (300, False, True)],
)
def test_it_is_confirmed_each_minute_while_something_is_open(seconds: int | None, open_: bool, due: bool) -> None:
    confirmed = None if seconds is None else NOW - dt.timedelta(seconds=seconds)
    assert confirm_due(confirmed_at=confirmed, open_=open_, now=NOW) is due


HELD = Word("investigating", "Checkout is still not working as it should. There is nothing new.", True)
TOLD = Word("investigating", "Cards fail for some shops. We are on it.", False)
WIDER = Word("identified", "Cards fail for every shop.", False)
REPAIRED = Word("monitoring", "A repair is in place.", False)
OVER = Word("resolved", "Cards work again. We are sorry.", False)


@pytest.mark.parametrize(
    ("words", "part", "title"),
    [
        ([TOLD], "Card payments", "Cards fail for some shops"),
        ([HELD, TOLD, HELD], "Card payments", "Cards fail for some shops"),
        ([TOLD, WIDER, HELD, REPAIRED], "Card payments", "Cards fail for every shop"),
        ([TOLD, WIDER, HELD, REPAIRED, OVER], "Card payments", "Card payments: did not work as it should"),
        ([HELD, OVER], "Card payments", "Card payments: did not work as it should"),
        ([HELD], "Card payments", "Card payments: not working as it should"),
        ([REPAIRED, OVER], "", "Our service did not work as it should"),
        ([Word("investigating", "x" * 200, False)], "", "x" * 139 + "…"),
    ],
)
def test_a_title_says_what_was_wrong_whatever_was_said_last(words: list[Word], part: str, title: str) -> None:
    assert headline(words, part=part) == title
