"""How long someone may wait."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.respond.rules.need import Waiting, due_of, waiting_of

ASKED = dt.datetime(2026, 11, 20, 22, 5, tzinfo=dt.UTC)


def test_who_is_blocked_waits_five_minutes_others_thirty() -> None:
    assert due_of(ASKED, blocks=True) == ASKED + dt.timedelta(minutes=5)
    assert due_of(ASKED, blocks=False) == ASKED + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-30, Waiting(0, 0)),
        (0, Waiting(0, 0)),
        (299, Waiting(4, 0)),
        (300, Waiting(5, 0)),
        (359, Waiting(5, 0)),
        (360, Waiting(6, 1)),
        (420, Waiting(7, 2)),
    ],
)
def test_minutes_are_whole_and_late_from_the_first_minute_over(seconds: int, expected: Waiting) -> None:
    now = ASKED + dt.timedelta(seconds=seconds)
    waiting = waiting_of(asked_at=ASKED, due_at=due_of(ASKED, blocks=True), now=now)
    assert waiting == expected
    assert waiting.is_late is (expected.late > 0)
