"""A person sets their own quiet hours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.quiet import set_quiet
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
TEN, SEVEN = dt.time(22), dt.time(7)


@pytest.fixture
def ben(db: None) -> User:
    return make_person("Ben", "responder")  # type: ignore[arg-type]


def hours(person: User) -> tuple[dt.time | None, dt.time | None]:
    person.refresh_from_db()
    return person.quiet_from, person.quiet_to


def test_set_kept_and_ended(ben: User) -> None:
    for _twice in range(2):
        set_quiet(person=ben, starts=TEN, ends=SEVEN, by=actor_of(ben), now=NOW)
    assert hours(ben) == (TEN, SEVEN)
    set_quiet(person=ben, starts=None, ends=None, by=actor_of(ben), now=NOW)
    assert hours(ben) == (None, None)
    told = Entry.objects.filter(kind="quiet.changed").select_related("facts").order_by("id")
    assert [one.facts.data["hours"] for one in told] == ["22:00–07:00", "none"]


@pytest.mark.parametrize(
    ("starts", "ends", "field", "sentence"),
    [
        (TEN, None, "quiet_to", "Say both when quiet begins"),
        (None, SEVEN, "quiet_from", "Say both when quiet begins"),
        (SEVEN, SEVEN, "quiet_to", "Twelve hours at most"),
        (dt.time(20), dt.time(8, 1), "quiet_to", "Twelve hours at most"),
    ],
)
def test_refused_hours_change_nothing(
    ben: User, starts: dt.time | None, ends: dt.time | None, field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        set_quiet(person=ben, starts=starts, ends=ends, by=actor_of(ben), now=NOW)
    assert refused.value.field == field
    assert hours(ben) == (None, None)
    assert not Entry.objects.exists()


def test_the_profile_sets_them(client: Client, ben: User) -> None:
    client.force_login(ben)
    page = client.post("/profile/quiet/", {"quiet_from": "22:00", "quiet_to": "07:00"}, follow=True).content.decode()
    assert hours(ben) == (TEN, SEVEN)
    assert 'value="22:00"' in page
    assert "counts from the next page on: one that waits already goes out when it was to." in page
    bad = client.post("/profile/quiet/", {"quiet_from": "late", "quiet_to": "07:00"}, follow=True).content.decode()
    assert "Give the hours as 22:00 and 07:00" in bad
    assert hours(ben) == (TEN, SEVEN)
