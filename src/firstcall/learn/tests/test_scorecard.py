"""How an incident went, by its timeline alone."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.kernel.say import plain
from firstcall.learn.rules.scorecard import Event, Score, scorecard

OPENED = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return OPENED + dt.timedelta(minutes=minutes)


def judge(*events: Event, first_inside: int | None = 10) -> dict[str, Score]:
    scores = scorecard(events, opened_at=OPENED, work=[(OPENED, at(90))], first_inside=first_inside)
    assert [score.mistake for score in scores] == ["M1", "M2", "M3", "M4", "M5", "M6"]
    return {score.mistake: score for score in scores}


def told(score: Score) -> tuple[bool | None, str]:
    return score.good, plain(score.sentence)


def test_a_good_evening() -> None:
    events = [Event("update.published", at(n), "support") for n in (6, 36, 66)] + [Event("decision.made", at(40))]
    assert {name: told(score) for name, score in judge(*events).items()} == {
        "M1": (True, "Support heard after 6 minutes."),
        "M2": (None, "No look-in was due and no engineer noted an interruption."),
        "M3": (True, "No update promised what nobody knew."),
        "M4": (True, "The severity it began with held."),
        "M5": (True, "The longest silence was 30 minutes."),
        "M6": (True, "1 decision is written down, with the reason."),
    }


def test_a_silent_one() -> None:
    scores = judge()
    assert told(scores["M1"]) == (False, "Support was told nothing.")
    assert told(scores["M5"]) == (False, "The longest silence was 90 minutes.")
    assert told(scores["M6"]) == (False, "No decision was written down.")


def test_while_it_was_over_nobody_waited_for_a_word() -> None:
    words = [Event("update.published", at(n), "support") for n in (5, 20, 85)]
    scores = scorecard(words, opened_at=OPENED, work=[(OPENED, at(30)), (at(80), at(90))], first_inside=10)
    assert told(scores[4]) == (True, "The longest silence was 15 minutes.")


def test_nobody_of_support_is_no_mistake_but_words_to_support_are_told() -> None:
    def names(*events: Event) -> list[str]:
        scores = scorecard(events, opened_at=OPENED, work=[(OPENED, at(90))], first_inside=10, support=False)
        return [plain(one.sentence) for one in scores if one.mistake == "M1"]

    assert names(Event("update.published", at(5), "public")) == []
    assert names(Event("update.published", at(6), "support")) == ["Support heard after 6 minutes."]


@pytest.mark.parametrize(
    ("look_ins", "interruptions", "expected"),
    [
        (3, 0, (True, "Engineers had 3 agreed look-ins and noted no question in between.")),
        (1, 2, (False, "Engineers were asked for news 2 times beside 1 agreed look-in.")),
        (0, 1, (False, "Engineers were asked for news 1 time beside 0 agreed look-ins.")),
    ],
)
def test_pressing_engineers_shows_by_what_they_noted(
    look_ins: int, interruptions: int, expected: tuple[bool, str]
) -> None:
    events = [Event("look_in.due", at(20 * n)) for n in range(1, look_ins + 1)]
    events += [Event("engineer.interrupted", at(21 + n)) for n in range(interruptions)]
    assert told(judge(*events)["M2"]) == expected


def test_what_was_answered_for_them_pressed_nobody() -> None:
    score = judge(Event("question.answered", at(9)), Event("question.answered", at(30)))["M2"]
    assert told(score) == (True, "2 questions were answered without an engineer.")


@pytest.mark.parametrize(("minutes", "good"), [(10, True), (11, False)])
def test_supports_first_word_has_the_tables_time(minutes: int, good: bool) -> None:
    assert judge(Event("update.published", at(minutes), "support"))["M1"].good is good


def test_where_nothing_is_promised_nobody_is_failed() -> None:
    scores = judge(first_inside=None)
    assert (scores["M1"].good, scores["M5"].good) == (None, True)


@pytest.mark.parametrize(
    ("kinds", "good"), [(["eta"], False), (["eta_vague", "jargon"], False), (["jargon"], True), ([], True)]
)
def test_only_a_promise_without_a_basis_is_an_early_promise(kinds: list[str], good: bool) -> None:
    assert judge(Event("wording.overruled", at(5), facts={"kinds": kinds}))["M3"].good is good


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([(1, 3)], (False, "It began as SEV1 and turned out SEV3.")),
        ([(3, 1)], (True, "The severity followed the facts: SEV3, then SEV1.")),
        ([(2, 1), (1, 2)], (True, "The severity followed the facts: SEV2, then SEV2.")),
    ],
)
def test_calling_it_graver_than_it_was_shows(changes: list[tuple[int, int]], expected: tuple[bool, str]) -> None:
    events = [Event("incident.severity_changed", at(9), facts={"before": b, "after": a}) for b, a in changes]
    assert told(judge(*events)["M4"]) == expected


def test_a_missed_promise_is_silence_whatever_was_said_after() -> None:
    scores = judge(Event("update.published", at(5), "public"), Event("clock.missed", at(35)))
    assert told(scores["M5"]) == (False, "1 promised word did not come in time.")
