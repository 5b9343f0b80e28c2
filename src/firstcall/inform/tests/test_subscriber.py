"""Nobody is told before confirming, and one click ends it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.status_page import make_page
from firstcall.inform.commands.subscriber import ask_to_subscribe, end_token
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def page() -> StatusPage:
    return make_page(name="Tillhouse", parts=[], by=MACHINE, now=NOW)


def confirm_link() -> str:
    prepare = JOB_KINDS["inform.confirm_mail"].prepare
    assert prepare is not None
    parcel = prepare(Job.objects.filter(kind="inform.confirm_mail").latest("pk"), now=NOW)
    assert isinstance(parcel, Parcel)
    found = re.search(r"/subscription/confirm/\S+", parcel.text)
    assert found is not None
    return found.group(0)


def test_looking_at_a_link_changes_nothing_pressing_confirms(client: Client, page: StatusPage) -> None:
    client.post("/subscribe/tillhouse/", {"email": "Orders@Bakery.example"})
    row = Subscriber.objects.get()
    assert (row.email, row.confirmed_at) == ("orders@bakery.example", None)
    link = confirm_link()
    seen = client.get(link)
    assert (seen.status_code, seen["Cache-Control"], seen["Referrer-Policy"]) == (200, "no-store", "no-referrer")
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert client.post(link).status_code == 200
    row.refresh_from_db()
    assert row.confirmed_at is not None


def test_the_answer_is_the_same_for_known_and_unknown(client: Client, page: StatusPage) -> None:
    first = client.post("/subscribe/tillhouse/", {"email": "orders@bakery.example"})
    Subscriber.objects.update(confirmed_at=NOW)
    again = client.post("/subscribe/tillhouse/", {"email": "orders@bakery.example"})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Job.objects.filter(kind="inform.confirm_mail").count() == 1


@pytest.mark.parametrize(("minutes", "mails"), [(0, 1), (59, 1), (60, 2)])
def test_an_address_gets_one_confirmation_an_hour(page: StatusPage, minutes: int, mails: int) -> None:
    for now in (NOW, NOW + minutes * MINUTE):
        ask_to_subscribe(page=page, email="orders@bakery.example", now=now)
    assert Job.objects.filter(kind="inform.confirm_mail").count() == mails


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.com"])
def test_what_is_no_address_is_refused(page: StatusPage, email: str) -> None:
    with pytest.raises(Refused) as refused:
        ask_to_subscribe(page=page, email=email, now=NOW)
    assert refused.value.field == "email"
    assert not Subscriber.objects.exists()
    assert not Job.objects.exists()


def test_one_click_ends_it_and_the_secret_is_not_stored(client: Client, page: StatusPage) -> None:
    ask_to_subscribe(page=page, email="orders@bakery.example", now=NOW)
    client.post(confirm_link())
    row = Subscriber.objects.get()
    link = f"/subscription/end/{end_token(row)}/"
    assert end_token(row) not in (row.end_digest, row.nonce)
    assert client.get(link).status_code == 200
    row.refresh_from_db()
    assert row.ended_at is None
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row.refresh_from_db()
    assert row.ended_at is not None
    assert client.post(link).status_code == 200  # twice is fine


@pytest.mark.parametrize("path", ["/subscription/confirm/nonsense/", "/subscription/end/nonsense/"])
def test_a_link_that_was_never_good_is_not_there(client: Client, page: StatusPage, path: str) -> None:
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


def test_a_private_page_takes_no_subscribers(client: Client) -> None:
    make_page(name="Inner", parts=[], private=True, by=MACHINE, now=NOW)
    assert client.post("/subscribe/inner/", {"email": "orders@bakery.example"}).status_code == 404
    assert not Subscriber.objects.exists()
