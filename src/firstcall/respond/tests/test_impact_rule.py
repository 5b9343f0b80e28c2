"""How long people were hit: spans of a history, without the time in between when it worked."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.respond.rules.impact import (
    Return,
    counts_from,
    decide_return,
    impact_spans,
    lasted,
    minutes_of,
    within,
    work_spans,
)

START = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def at(minute: float) -> dt.datetime:
    return START + minute * MINUTE


def came_back(*times: tuple[int, int, int]) -> list[Return]:
    return [Return(at(over), at(back), at(opened)) for over, back, opened in times]


@pytest.mark.parametrize(
    ("over", "returns", "now", "hit", "worked_on"),
    [
        (None, (), 10, [(0, 10)], [(0, 10)]),  # it lasts
        (None, (), 0, [], []),  # it has only begun
        (None, (), -5, [], []),  # it is said to begin later
        (8, (), 10, [(0, 8)], [(0, 8)]),  # it is over
        (-3, (), 10, [], []),  # it began, as was said since, after its end
        (None, ((8, 20, 25),), 30, [(0, 8), (20, 30)], [(0, 8), (25, 30)]),  # it is back since 20, opened at 25
        (40, ((8, 20, 25),), 60, [(0, 8), (20, 40)], [(0, 8), (25, 40)]),
        (40, ((8, 8, 25),), 60, [(0, 40)], [(0, 8), (25, 40)]),  # it had never stopped
        (60, ((8, 20, 20), (30, 50, 50)), 90, [(0, 8), (20, 30), (50, 60)], [(0, 8), (20, 30), (50, 60)]),
        (None, ((8, 20, 25),), 22, [(0, 8), (20, 22)], [(0, 8)]),  # as it stood before it was opened again
        (None, ((-8, -2, -2),), 10, [(0, 10)], [(0, 10)]),  # a time before it began, as was said since
        (None, ((-8, 4, 4),), 10, [(4, 10)], [(4, 10)]),
    ],
)
def test_people_are_hit_while_it_does_not_work(
    over: int | None,
    returns: tuple[tuple[int, int, int], ...],
    now: int,
    hit: list[tuple[int, int]],
    worked_on: list[tuple[int, int]],
) -> None:
    ended, history = None if over is None else at(over), came_back(*returns)
    impact = impact_spans(START, ended, history, now=at(now))
    assert impact == tuple((at(since), at(until)) for since, until in hit)
    assert work_spans(START, ended, history, now=at(now)) == tuple((at(since), at(until)) for since, until in worked_on)
    assert minutes_of(impact) == sum(until - since for since, until in hit)
    assert counts_from(impact, now=at(now)) == at(now) - minutes_of(impact) * MINUTE


@pytest.mark.parametrize(
    ("worked", "said", "back"),
    [
        (True, None, 30),  # nobody knows better than now
        (True, 20, 20),
        (True, 10, 10),  # it had never stopped
        (True, 5, 10),  # nor had it before it was said to be over
        (False, None, 10),  # nobody ever said that it worked
        (False, 20, 20),
        (True, 40, 30),  # the clock of whoever said so is ahead
    ],
)
def test_since_when_it_is_back(worked: bool, said: int | None, back: int) -> None:
    found = decide_return(at(10), worked=worked, back=None if said is None else at(said), now=at(30))
    assert found == Return(at(10), at(back), at(30))


def test_half_minutes_add_up_before_they_are_rounded() -> None:
    assert minutes_of([(at(0), at(1.5)), (at(2), at(3.5))]) == 3


def test_of_spans_what_lies_between() -> None:
    spans = [(at(0), at(10)), (at(20), at(30))]
    assert within(at(5), at(25), spans) == [(at(5), at(10)), (at(20), at(25))]
    assert within(at(10), at(20), spans) == []
    assert within(at(25), at(5), spans) == []


HISTORY = st.lists(st.integers(-50, 500), max_size=9)


@settings(max_examples=200)
@given(
    began=st.integers(-50, 100), moments=HISTORY, ended=st.booleans(), now=st.integers(0, 500), later=st.integers(0, 99)
)
def test_spans_never_overlap_never_exceed_the_whole_and_never_shrink(
    began: int, moments: list[int], ended: bool, now: int, later: int
) -> None:
    known = sorted(moments)
    over = at(known.pop()) if ended and known else None
    returns = came_back(*zip(known[::3], known[1::3], known[2::3], strict=False))
    for rule in (impact_spans, work_spans):
        spans = rule(at(began), over, returns, now=at(now))
        assert all(since < until for since, until in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        end = at(now) if over is None else min(over, at(now))
        assert lasted(spans) <= max(end - at(began), dt.timedelta(0))
        assert all(at(began) <= since and until <= end for since, until in spans)
        assert lasted(rule(at(began), over, returns, now=at(now + later))) >= lasted(spans)
