"""The history of a rule as bars."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.rules.picture import history

TODAY = dt.date(2026, 11, 20)


def days_ago(number: int) -> dt.date:
    return TODAY - dt.timedelta(days=number)


def test_each_day_on_which_it_fired_has_a_bar() -> None:
    fired = [(TODAY, "page"), (TODAY, "join"), (days_ago(29), "digest"), (days_ago(30), "page")]
    drawn = history(fired, today=TODAY)
    assert (drawn.times, drawn.days, drawn.paged) == (3, 2, 1)
    assert drawn.path == "M1.5 28v-19M117.5 28v-26"


def test_nothing_fired_draws_nothing() -> None:
    assert history([], today=TODAY).path == ""
    assert history([(days_ago(-1), "page")], today=TODAY).times == 0
