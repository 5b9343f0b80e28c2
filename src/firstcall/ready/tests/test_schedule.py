"""Who holds a shift at an instant."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.ready.rules.schedule import (
    Held,
    OverrideFacts,
    RotationFacts,
    handover_of,
    holder,
    shifts,
    turn_at,
)
from firstcall.ready.rules.window import instant_of

BEN, ADA, DANA = 2, 1, 4
WEEKLY = RotationFacts((BEN, ADA), 7, dt.time(9), dt.date(2026, 11, 16), "Europe/Berlin")


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "wall", "zone", "expected"),
    [
        ((2026, 11, 20), (9, 0), "Europe/Berlin", utc(2026, 11, 20, 8)),
        ((2026, 3, 29), (2, 30), "Europe/Berlin", utc(2026, 3, 29, 1)),  # does not exist: the first that does
        ((2026, 10, 25), (2, 30), "Europe/Berlin", utc(2026, 10, 25, 0, 30)),  # comes twice: the first
        ((2026, 10, 4), (2, 15), "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),  # a gap of half an hour
        ((2011, 12, 30), (9, 0), "Pacific/Apia", utc(2011, 12, 30, 10)),  # a whole day that never was
    ],
)
def test_a_wall_time_is_one_instant(
    day: tuple[int, int, int], wall: tuple[int, int], zone: str, expected: dt.datetime
) -> None:
    assert instant_of(dt.date(*day), dt.time(*wall), zone) == expected


@pytest.mark.parametrize(
    ("at", "who"),
    [
        (utc(2026, 11, 16, 7, 59), None),
        (utc(2026, 11, 16, 8), BEN),
        (utc(2026, 11, 23, 7, 59), BEN),
        (utc(2026, 11, 23, 8), ADA),
        (utc(2026, 11, 30, 8), BEN),
    ],
)
def test_members_take_turns_at_the_wall_time_of_the_zone(at: dt.datetime, who: int | None) -> None:
    assert holder([WEEKLY], [], at=at) == who


def test_the_first_layer_that_has_somebody_wins_and_an_override_wins_over_all() -> None:
    below = RotationFacts((DANA,), 1, dt.time(0), dt.date(2026, 1, 1), "UTC")
    early = utc(2026, 11, 10)
    assert holder([WEEKLY, below], [], at=early) == DANA
    taken = [OverrideFacts(1, ADA, early, utc(2026, 11, 11)), OverrideFacts(2, DANA, early, utc(2026, 11, 11))]
    assert holder([WEEKLY], taken[:1], at=early) == ADA
    assert holder([WEEKLY], taken, at=early) == DANA
    assert holder([WEEKLY], taken, at=utc(2026, 11, 11)) is None


def test_nobody_without_members() -> None:
    assert turn_at(RotationFacts((), 7, dt.time(9), dt.date(2026, 1, 1), "UTC"), at=utc(2026, 5, 5)) is None


def test_shifts_say_gaps_and_join_neighbours() -> None:
    alone = RotationFacts((BEN,), 1, dt.time(9), dt.date(2026, 11, 18), "UTC")
    assert shifts([alone], [], start=utc(2026, 11, 17), end=utc(2026, 11, 21)) == [
        Held(None, utc(2026, 11, 17), utc(2026, 11, 18, 9)),
        Held(BEN, utc(2026, 11, 18, 9), utc(2026, 11, 21)),
    ]


@given(
    at=st.integers(0, 4 * 365 * 24 * 60),
    zone=st.sampled_from(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    length=st.integers(1, 30),
    hour=st.integers(0, 23),
)
def test_every_instant_has_one_turn_that_covers_it(at: int, zone: str, length: int, hour: int) -> None:
    rotation = RotationFacts((BEN, ADA, DANA), length, dt.time(hour, 30), dt.date(2025, 12, 1), zone)
    moment = utc(2026, 1, 1) + dt.timedelta(minutes=at)
    turn = turn_at(rotation, at=moment)
    assert turn is not None
    assert handover_of(rotation, turn) <= moment < handover_of(rotation, turn + 1)
    local = handover_of(rotation, turn).astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (hour, 30) or local.utcoffset() != (local - dt.timedelta(hours=3)).utcoffset()
