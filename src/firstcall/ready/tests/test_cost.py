"""What an hour costs: one figure, a range, a sum of what is known."""

from __future__ import annotations

import pytest

from firstcall.kernel.say import MoneyRange
from firstcall.ready.rules.cost import Hour, hour_of, together


@pytest.mark.parametrize(
    ("least", "most", "money"),
    [(None, None, None), (6200, None, MoneyRange(6200, 6200)), (6200, 8600, MoneyRange(6200, 8600)),
     (0, None, MoneyRange(0, 0))],
)  # fmt: skip
def test_an_hour_is_what_the_register_says(least: int | None, most: int | None, money: MoneyRange | None) -> None:
    assert hour_of(least, most).money == money


@pytest.mark.parametrize(
    ("hours", "sum_"),
    [
        ([], Hour(None, None)),
        ([hour_of(None, None)], Hour(None, None, 1)),
        ([hour_of(6200, 8600), hour_of(500, None), hour_of(None, None)], Hour(6700, 9100, 1)),
    ],
)
def test_only_what_is_known_is_added_up(hours: list[Hour], sum_: Hour) -> None:
    assert together(hours) == sum_
