"""Both systems side by side: every span in which they differ, and none in which they agree."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.ready.rules.schedule import Held
from firstcall.ready.rules.side_by_side import Difference, Theirs, differences

START = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
ADA, BEN = 1, 2


def at(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def told(old: list[Theirs], new: list[Held]) -> list[tuple[float, float, set[int | str], int | None]]:
    hour = dt.timedelta(hours=1)
    found = differences(old, new, start=START, end=at(24))
    return [((one.starts - START) / hour, (one.ends - START) / hour, set(one.old), one.new) for one in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([Theirs(ADA, at(0), at(24))], [Held(ADA, at(0), at(24))], []),
        ([Theirs(ADA, at(-9), at(99))], [Held(ADA, at(0), at(24))], []),
        ([Theirs(ADA, at(0), at(9)), Theirs(ADA, at(9), at(24))], [Held(ADA, at(0), at(24))], []),
        ([], [Held(None, at(0), at(24))], []),
        ([Theirs(ADA, at(0), at(12)), Theirs(BEN, at(12), at(24))], [Held(ADA, at(0), at(24))], [(12, 24, {BEN}, ADA)]),
        ([Theirs(ADA, at(0), at(24))], [Held(ADA, at(0), at(6)), Held(None, at(6), at(24))], [(6, 24, {ADA}, None)]),
        ([Theirs(ADA, at(0), at(6))], [Held(ADA, at(0), at(24))], [(6, 24, set(), ADA)]),
        ([Theirs("Eve", at(0), at(24))], [Held(ADA, at(0), at(24))], [(0, 24, {"Eve"}, ADA)]),
        (
            [Theirs(ADA, at(0), at(24)), Theirs(BEN, at(3), at(4))],
            [Held(ADA, at(0), at(24))], [(3, 4, {ADA, BEN}, ADA)],
        ),
        ([Theirs(ADA, at(5), at(5)), Theirs(BEN, at(-5), at(0))], [Held(None, at(0), at(24))], []),
        (
            [Theirs(BEN, at(0), at(2)), Theirs(BEN, at(2), at(3)), Theirs(ADA, at(3), at(24))],
            [Held(ADA, at(0), at(24))], [(0, 3, {BEN}, ADA)],
        ),
    ],
)  # fmt: skip
def test_where_they_differ(
    old: list[Theirs], new: list[Held], expected: list[tuple[float, float, set[int | str], int | None]]
) -> None:
    assert told(old, new) == expected


PEOPLE = st.one_of(st.none(), st.sampled_from([ADA, BEN]))


@settings(max_examples=40)
@given(st.lists(PEOPLE, min_size=24, max_size=24), st.lists(PEOPLE, min_size=24, max_size=24))
def test_each_hour_is_in_a_difference_or_the_same(old: list[int | None], new: list[int | None]) -> None:
    theirs = [Theirs(who, at(hour), at(hour + 1)) for hour, who in enumerate(old) if who is not None]
    ours = [Held(who, at(hour), at(hour + 1)) for hour, who in enumerate(new)]
    found = differences(theirs, ours, start=START, end=at(24))
    for hour in range(24):
        inside: list[Difference] = [one for one in found if one.starts <= at(hour) < one.ends]
        assert len(inside) == (old[hour] != new[hour])
        for one in inside:
            assert (set(one.old), one.new) == ({who for who in (old[hour],) if who}, new[hour])
    assert all(one.ends <= other.starts for one, other in pairwise(found))
