"""When a failed try is tried again."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.rules.retry import next_try

NOW = dt.datetime(2026, 11, 20, 22, 56, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("lane", "tries", "seconds"),
    [("page", 1, 2), ("page", 4, 20), ("page", 500, 30), ("bulk", 1, 10), ("bulk", 7, 3600)],
)
def test_the_pause_grows_and_a_page_is_never_given_up(lane: str, tries: int, seconds: int) -> None:
    plan = next_try(lane=lane, tries=tries, limit=8, error="421 later", now=NOW)
    assert plan.at == NOW + dt.timedelta(seconds=seconds)
    assert plan.reason == "421 later"


def test_other_work_is_given_up_in_the_open() -> None:
    plan = next_try(lane="bulk", tries=8, limit=8, error="421 later", now=NOW)
    assert plan.at is None
    assert plan.reason == "421 later (given up after 8 tries)"
