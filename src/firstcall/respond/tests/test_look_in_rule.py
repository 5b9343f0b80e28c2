"""When engineers are asked."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.respond.rules.look_in import Rhythm, decide_look_in, is_late, next_due

NOW = dt.datetime(2026, 11, 20, 22, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rhythm", "kind", "reason"),
    [
        (Rhythm("investigating", 20, True), "ask", "the agreed rhythm"),
        (Rhythm("monitoring", 30, True), "ask", "the agreed rhythm"),
        (Rhythm("triage", 20, True), "never", "nobody works on it now"),
        (Rhythm("resolved", 20, True), "never", "nobody works on it now"),
        (Rhythm("investigating", None, True), "never", "the severity asks for none"),
        (Rhythm("investigating", 20, False), "never", "nobody leads the technical work"),
    ],
)
def test_only_who_works_is_asked_and_only_at_the_rhythm(rhythm: Rhythm, kind: str, reason: str) -> None:
    turn = decide_look_in(rhythm)
    assert (turn.kind, turn.reason) == (kind, reason)


def test_the_next_one_and_when_an_answer_is_late() -> None:
    assert next_due(NOW, minutes=20) == dt.datetime(2026, 11, 20, 22, 40, tzinfo=dt.UTC)
    assert not is_late(NOW, now=NOW + dt.timedelta(minutes=5, seconds=-1))
    assert is_late(NOW, now=NOW + dt.timedelta(minutes=5))
