"""How long first steps took in a game day."""

from __future__ import annotations

import datetime as dt

from firstcall.ready.rules.drill import Walked, walk_of, whole_parts

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def walked(part: str, step: str, seconds: int | None) -> Walked:
    return Walked(part, part.title(), step, None if seconds is None else NOW + seconds * SECOND, "Ben")


def test_steps_in_the_order_of_their_ticks_and_those_left() -> None:
    steps = [walked("a", "one", 90), walked("a", "two", None), walked("b", "three", 30), walked("b", "four", None)]
    walk = walk_of(steps, begun_at=NOW)
    assert [(one.walked.step, one.since_start, one.since_before) for one in walk.paces] == [
        ("three", 30 * SECOND, 30 * SECOND), ("one", 90 * SECOND, 60 * SECOND)
    ]  # fmt: skip
    assert [one.step for one in walk.left] == ["two", "four"]


def test_no_step_takes_less_than_nothing() -> None:
    walk = walk_of([walked("a", "one", -5), walked("a", "two", 10)], begun_at=NOW)
    assert [one.since_before for one in walk.paces] == [0 * SECOND, 10 * SECOND]


def test_a_part_is_whole_when_each_of_its_steps_was_ticked() -> None:
    steps = [walked("a", "one", 90), walked("a", "two", None), walked("b", "three", 30)]
    assert whole_parts(steps) == {"b"}
    assert whole_parts([]) == frozenset()
