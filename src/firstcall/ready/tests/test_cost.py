"""What an hour costs: one figure, a range, a sum of what is known."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from firstcall.kernel.say import MoneyRange
from firstcall.ready.rules.cost import (
    Hour,
    dear_hours,
    dearest,
    dearest_week,
    figure_of,
    hour_at,
    hour_during,
    hour_of,
    spell_of,
    together,
    whole_hours,
)


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


BERLIN, MINUTE = ZoneInfo("Europe/Berlin"), dt.timedelta(minutes=1)
NIGHT = [10] * 168
NIGHT[4 * 24 + 23] = 100  # Friday 23:00
FRIDAY = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)  # 23:00 in Berlin


@pytest.mark.parametrize(
    ("starts", "minutes", "an_hour"),
    [(0, 60, 100), (-60, 60, 10), (-30, 60, 55), (-60, 180, 40), (45, 30, 55), (0, 1, 100)],
)
def test_an_outage_costs_the_average_of_its_own_hours(starts: int, minutes: int, an_hour: int) -> None:
    begins = FRIDAY + starts * MINUTE
    found = hour_during(hour_of(500, 600), NIGHT, [(begins, begins + minutes * MINUTE)], BERLIN)
    assert found == Hour(an_hour, an_hour)


def test_without_a_week_it_is_the_register() -> None:
    assert hour_during(hour_of(500, 600), None, [(FRIDAY, FRIDAY + MINUTE)], BERLIN) == Hour(500, 600)
    assert hour_at(hour_of(500, 600), None, FRIDAY, BERLIN) == Hour(500, 600)


@pytest.mark.parametrize(("minute", "an_hour"), [(-1, 10), (0, 100), (59, 100), (60, 10)])
def test_an_instant_costs_its_own_hour(minute: int, an_hour: int) -> None:
    found = hour_at(hour_of(500, 600), NIGHT, FRIDAY + minute * MINUTE, BERLIN)
    assert found == Hour(an_hour, an_hour)


def test_what_was_up_in_between_is_in_no_average() -> None:
    spans = [(FRIDAY - 60 * MINUTE, FRIDAY - 30 * MINUTE), (FRIDAY, FRIDAY + 30 * MINUTE)]
    assert hour_during(hour_of(500, 600), NIGHT, spans, BERLIN) == Hour(55, 55)


def test_the_hour_that_is_twice_or_not_there_costs_once_each() -> None:
    back = dt.datetime(2026, 10, 25, 0, tzinfo=dt.UTC)  # 02:00 in Berlin comes twice, from 00:00 and 01:00 UTC
    week = list(range(168))
    assert hour_during(hour_of(None, None), week, [(back, back + 120 * MINUTE)], BERLIN) == Hour(146, 146)


@pytest.mark.parametrize(
    ("week", "figure", "dear"),
    [([10] * 168, (10, None), frozenset()), ([0] * 168, (0, None), frozenset()), (NIGHT, (11, 100), {119}),
     ([0] * 84 + [10] * 84, (5, 10), set(range(84, 168)))],
)  # fmt: skip
def test_one_figure_and_the_peak_of_a_week(week: list[int], figure: tuple[int, int | None], dear: set[int]) -> None:
    assert figure_of(week) == figure
    assert set(dear_hours(week)) == dear


@pytest.mark.parametrize(
    ("flows", "found"),
    [
        ([], None),
        ([(hour_of(500, 600), None)], None),
        ([(hour_of(19, 100), NIGHT)], (4 * 24 + 23, Hour(100, 100))),
        ([(hour_of(19, 100), NIGHT), (hour_of(500, 600), None), (hour_of(None, None), None)],
         (4 * 24 + 23, Hour(600, 700, 1))),
        ([(hour_of(1, None), NIGHT), (hour_of(1, None), [200, *NIGHT[1:]])], (0, Hour(210, 210))),
    ],
)  # fmt: skip
def test_the_dearest_hour_is_that_of_all_together(
    flows: list[tuple[Hour, list[int] | None]], found: tuple[int, Hour] | None
) -> None:
    assert dearest(flows) == found


def test_the_dearest_flow_of_each_hour_is_a_range() -> None:
    week = [0] * 167 + [500]
    flows = [(Hour(100, 300), None), (Hour(200, 250), None), (Hour(None, None, 1), None), (Hour(9, 9), week)]
    found = dearest_week(flows)
    assert (found[0], found[167], len(found)) == (Hour(200, 300), Hour(500, 500), 168)
    assert dearest_week([]) == dearest_week([(Hour(None, None, 1), None)]) == (Hour(None, None),) * 168


def test_a_spell_costs_from_the_least_to_the_most_of_its_hours() -> None:
    week = [Hour(100, 300)] * 167 + [Hour(None, None)]
    monday = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    half = dt.timedelta(minutes=30)
    utc = ZoneInfo("UTC")
    assert spell_of(week, monday, monday + 3 * half, utc) == Hour(150, 450)
    assert spell_of(week, monday - 2 * half, monday + half, utc) == Hour(50, 150)
    assert spell_of([Hour(None, None)] * 168, monday, monday + half, utc) == Hour(None, None)
    assert [whole_hours(one * half) for one in (0, 1, 3, 4, 48)] == [1, 1, 2, 2, 24]
