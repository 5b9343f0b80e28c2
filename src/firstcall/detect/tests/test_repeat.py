"""Repeats are counted before anything is written."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.rules.repeat import coalesce
from firstcall.detect.rules.signal import Signal

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)


def signal(key: str, *, firing: bool = True, title: str = "Payments fail") -> Signal:
    return Signal(dedup_key=key, firing=firing, title=title, severity="error")


def seconds(number: int) -> dt.datetime:
    return NOW + dt.timedelta(seconds=number)


def test_signals_that_say_the_same_become_one_run() -> None:
    seen = [(1, signal("a", title="first"), NOW), (1, signal("b"), seconds(1)), (1, signal("a"), seconds(2))]
    runs = coalesce(seen)
    assert [(run.identity, run.signal.title, run.count, run.first_at, run.last_at) for run in runs] == [
        ((1, "a"), "first", 2, NOW, seconds(2)),
        ((1, "b"), "Payments fail", 1, seconds(1), seconds(1)),
    ]


def test_a_change_begins_a_new_run() -> None:
    runs = coalesce((1, signal("a", firing=firing), NOW) for firing in (True, False, False, True))
    assert [(run.signal.firing, run.count) for run in runs] == [(True, 1), (False, 2), (True, 1)]


def test_two_sources_never_share_an_identity() -> None:
    assert len(coalesce([(1, signal("a"), NOW), (2, signal("a"), NOW)])) == 2


def test_a_late_signal_does_not_turn_the_clock_back() -> None:
    (run,) = coalesce([(1, signal("a"), seconds(5)), (1, signal("a"), NOW)])
    assert run.last_at == seconds(5)
