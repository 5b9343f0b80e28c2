"""Reading the other system again: what has changed there changes here, and what was made here stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.schedule import Layer, add_override, layers_of, set_schedule
from firstcall.ready.models.moving import Moved
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Override, Schedule
from firstcall.ready.tests.others import NOW, pd_layer, pd_policy, pd_schedule, whole
from firstcall.ready.tests.test_moving_pages import DAY, moved, read
from tests.cast import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Iterator[User]:
    with clock.read_from(lambda: NOW):
        yield make_person("Ada", Access.ADMIN)


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def test_a_schedule_that_changes_there_changes_here_until_somebody_changes_it_here(client: Client, ada: User) -> None:
    moved(read("pagerduty", ada), ada)
    schedule = Schedule.objects.get()
    daily = pd_schedule(
        pd_layer("PCleo"), pd_layer(rotation_turn_length_seconds=86400), time_zone="Europe/Paris",
        overrides=whole("pagerduty")["schedules"][0]["overrides"],
    )  # fmt: skip
    again = read("pagerduty", ada, {**whole("pagerduty"), "schedules": [daily]})
    page = client.get(f"/oncall/moving/{again.pk}/").content.decode()
    assert ("1 would be changed." in page, "Make this change" in page) == (True, True)
    done = moved(again, ada)
    assert [row["what"] for row in done.report if row["noun"] == "schedule"] == ["changed"]
    schedule.refresh_from_db()
    layers = [([user.name for user in layer.members], layer.length_days) for layer in layers_of(schedule)]
    assert (schedule.zone, layers) == ("Europe/Paris", [(["Cleo"], 7), (["Ada", "Ben"], 1)])
    assert Entry.objects.filter(kind="move.done").latest("id").facts.data["changed"] == 1
    assert (
        "There is nothing new to make."
        in client.get(
            f"/oncall/moving/{read('pagerduty', ada, {**whole('pagerduty'), 'schedules': [daily]}).pk}/"
        ).content.decode()
    )
    ours = Layer((ada,), dt.time(9), NOW.date())
    set_schedule(schedule=schedule, name="Primary", zone="UTC", layers=[ours], by=actor_of(ada), now=NOW)
    (line,) = [row for row in moved(read("pagerduty", ada), ada).report if row["noun"] == "schedule"]
    assert (line["what"], line["why"]) == ("skipped", "was changed here since it moved: it stays as it is")
    assert [layer.members for layer in layers_of(schedule)] == [(ada,)]


def test_a_path_and_who_takes_over_follow_theirs_and_what_is_ours_stays(client: Client, ada: User) -> None:
    moved(read("pagerduty", ada), ada)
    schedule, path, ben = Schedule.objects.get(), EscalationPath.objects.get(), User.objects.get(name="Ben")
    ours = add_override(
        schedule=schedule, user=ben, starts=NOW + DAY, ends=NOW + 2 * DAY, by=actor_of(ada), now=NOW
    )  # fmt: skip
    theirs = whole("pagerduty")
    theirs["schedules"][0]["overrides"] = []
    theirs["escalation_policies"] = [pd_policy((7, [("user", "PBen")]))]
    again = read("pagerduty", ada, theirs)
    page = client.get(f"/oncall/moving/{again.pk}/").content.decode()
    for words in ("1 would be changed. 1 would be removed.", "Make these 2 changes", "has changed there: 1 step",
                  "is not there any more: from"):  # fmt: skip
        assert words in page, words
    assert (path.steps.count(), Override.objects.count()) == (4, 2)  # a preview changes nothing
    done = moved(again, ada)
    assert [(row["noun"], row["what"]) for row in done.report if row["what"] in ("changed", "removed", "made")] == [
        ("override", "removed"), ("path", "changed"),
    ]  # fmt: skip
    assert [(step.user, step.wait_minutes) for step in path.steps.all()] == [(ben, 7)]
    assert (Override.objects.get(), Moved.objects.filter(noun="override").count()) == (ours, 0)
    entry = Entry.objects.filter(kind="move.done").latest("id").facts.data
    assert (entry["changed"], entry["removed"], entry["rows"]) == (1, 1, ["override Primary, Cleo", "path Payments"])
    third = moved(read("pagerduty", ada, theirs), ada)
    assert {row["what"] for row in third.report} <= {"skipped", "failed"}
    assert Job.objects.count() == 0


def test_who_takes_over_at_this_moment_and_is_not_there_any_more_did_so_until_now(ada: User) -> None:
    moved(read("pagerduty", ada), ada)
    row, later = Override.objects.get(), dt.datetime(2026, 11, 25, 20, tzinfo=dt.UTC)
    theirs = whole("pagerduty")
    theirs["schedules"][0]["overrides"] = []
    for _twice in range(2):
        moved(read("pagerduty", ada, theirs, now=later), ada, now=later)
        row.refresh_from_db()
        assert (row.starts, row.ends) == (later - DAY / 12, later)
