"""What is long done leaves; what waits or was given up on stays; the store's growth is noted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.commands.upkeep import clear_ended
from firstcall.deliver.growth import growth_a_day, note_size, read_sizes
from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip, sends
from firstcall.deliver.models.job import Attempt, Job, Outcome, State
from firstcall.deliver.queries.size import store_bytes, table_bytes

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

if "test.old" not in JOB_KINDS:

    @sends("test.old", lane="bulk")
    def old(job: Job, *, now: dt.datetime) -> Parcel | Skip:
        return Parcel("fake", to="ada@example.com", key=job.key)


def planned(key: str, state: str, *, days_ago: int) -> None:
    plan_job("test.old", key=key, now=NOW - days_ago * DAY, payload={})
    Job.objects.filter(key=key).update(state=state)


@pytest.mark.django_db
@pytest.mark.parametrize("fresh", [True, False])
def test_only_what_ended_long_ago_leaves(fresh: bool) -> None:
    for state in State.values:
        planned(f"old-{state}", state, days_ago=31)
    if fresh:
        planned("fresh", State.DONE, days_ago=29)
    done = Job.objects.get(key="old-done")
    Attempt.objects.create(job=done, fence=1, started_at=NOW, ended_at=NOW, outcome=Outcome.DONE)
    assert clear_ended(now=NOW) == 2
    assert clear_ended(now=NOW) == 0
    kept = {"old-waiting", "old-leased", "old-parked"} | ({"fresh"} if fresh else set())
    assert set(Job.objects.values_list("key", flat=True)) == kept
    assert not Attempt.objects.exists()


@pytest.mark.django_db
def test_the_size_of_the_store_is_the_sum_of_what_is_in_it() -> None:
    tables = table_bytes()
    assert tables["deliver_job"] > 0
    assert sorted(tables.values(), reverse=True) == list(tables.values())
    assert {"deliver_attempt", "journal_entry", "people_user"} < set(tables)
    assert sum(tables.values()) <= store_bytes()


def test_one_note_a_day_and_sixty_are_kept(tmp_path: Path) -> None:
    for day in range(70):
        note_size(tmp_path, day=NOW.date() + day * DAY, measure=lambda: 1000)
    note_size(tmp_path, day=NOW.date() + 69 * DAY, measure=lambda: 2000)
    days = read_sizes(tmp_path)
    assert (len(days), set(days.values())) == (60, {1000})
    assert max(days) == NOW.date() + 69 * DAY


def test_a_spoilt_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "size.log").write_text("2026-11-20 5\nnonsense\n2026-11-21 seven\n")
    assert read_sizes(tmp_path) == {NOW.date(): 5}


def test_growth_is_the_slope_of_the_last_thirty_days() -> None:
    today = NOW.date()
    assert growth_a_day({}) is None
    assert growth_a_day({today: 5}) is None
    assert growth_a_day({today - 50 * DAY: 0, today - 10 * DAY: 100, today: 300}) == 20.0
