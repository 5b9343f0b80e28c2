"""The pocket sheet: what stands on it, who may see it, and its weekly mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.pocket import plan_pocket_mails, wish_pocket
from firstcall.inform.models.pocket import PocketWish
from firstcall.inform.queries.pocket import pocket_sheet
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.sample import load_sample
from firstcall.ready.models.provider import Provider
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)  # Friday, 23:12 in Berlin
NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for person, phone in ((made.ada, "+49 30 5550 0001"), (made.ben, "+49 30 5550 0002")):
        person.phone = phone
        person.save()
    load_sample(by=actor_of(made.ada), now=NOW, people=[made.ada, made.ben])
    Provider.objects.filter(name="CardGate").update(contract="4471", sketched=True)
    return made


def test_it_holds_what_the_night_needs_and_says_its_age(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    with clock.read_from(lambda: NOW):
        page = client.get("/pocket/").content.decode()
    for words in (
        "as of Friday 20 November 2026, 23:12 CET", "+49 30 5550 0001", "+49 30 5550 0002", "+49 30 5550 0200",
        "contract 4471", "Payments, on call, wait 5 minutes; then Ada, wait 10 minutes",
        "Card payments at checkout are failing for some shops.", "sketch, not confirmed",
    ):  # fmt: skip
        assert words in page, words


def test_fourteen_days_in_a_bounded_number_of_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        sheet = pocket_sheet(now=NOW)
    ((name, turns),) = sheet.schedules
    assert (name, turns[0].starts, turns[-1].ends) == ("Payments, on call", NOW, NOW + dt.timedelta(days=14))
    assert [person.name for person in sheet.people] == ["Ada", "Ben"]


def test_who_only_reads_does_not_get_the_numbers(cast: Cast) -> None:
    client = Client()
    for person, status in ((cast.dana, 403), (cast.cleo, 200), (cast.ben, 200)):
        client.force_login(person)
        assert client.get("/pocket/").status_code == status, person.name
    assert Client().get("/pocket/").status_code == 302


def test_an_empty_sheet_says_so(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    client.post("/sample/", {"do": "remove"})
    assert "Nobody is on call yet." in client.get("/pocket/").content.decode()


def test_the_mail_comes_once_a_week_to_who_wishes_and_stands_on_it(cast: Cast) -> None:
    for person in (cast.ada, cast.cleo):
        wish_pocket(user=person, day=5, by=actor_of(person), now=NOON)
    assert plan_pocket_mails(now=NOON - dt.timedelta(minutes=1)) == 0
    for moment in (NOON, NOON + dt.timedelta(hours=3), NOON + dt.timedelta(days=7)):
        assert plan_pocket_mails(now=moment) == 2
    assert Job.objects.count() == 4
    prepare = JOB_KINDS["inform.pocket"].prepare
    assert prepare is not None
    parcel = prepare(Job.objects.get(key=f"pocket:2026-47:{cast.ada.pk}"), now=NOON)
    assert isinstance(parcel, Parcel)
    assert (parcel.to, parcel.subject) == ("ada@example.com", "Pocket sheet, 2026-11-20: print it")
    assert "as of Friday 20 November 2026, 12:00 CET" in parcel.text
    assert "+49 30 5550 0002" in parcel.text
    assert "+49 30 5550 0002" in parcel.html
    assert prepare(Job.objects.get(key=f"pocket:2026-47:{cast.cleo.pk}"), now=NOON) == Skip("not on the sheet")


def test_who_ends_the_mails_gets_none(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    assert client.post("/pocket/", {"day": "5"}).status_code == 302
    plan_pocket_mails(now=NOON)
    client.post("/pocket/", {"day": "0"})
    assert not PocketWish.objects.exists()
    prepare = JOB_KINDS["inform.pocket"].prepare
    assert prepare is not None
    assert prepare(Job.objects.get(), now=NOON) == Skip("not wished any more")
    assert plan_pocket_mails(now=NOON + dt.timedelta(days=7)) == 0


@pytest.mark.parametrize("day", ["8", "-1", "", "Friday"])
def test_a_day_there_is_none_of_changes_nothing(cast: Cast, day: str) -> None:
    client, before = Client(), Entry.objects.count()
    client.force_login(cast.ada)
    answer = client.post("/pocket/", {"day": day}, follow=True)
    assert "Choose a day of the week, or not by mail." in answer.content.decode()
    assert (PocketWish.objects.count(), Entry.objects.count()) == (0, before)
    with pytest.raises(Refused):
        wish_pocket(user=cast.ada, day=8, by=actor_of(cast.ada), now=NOON)


def test_the_worker_is_a_script_without_data_from_the_root() -> None:
    answer = Client().get("/worker.js")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b'KEPT = "pocket"' in answer.content
