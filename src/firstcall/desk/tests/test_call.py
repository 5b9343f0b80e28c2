"""A customer is calling: hit or not hit first, words one can speak, a report and a promise at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from firstcall.detect.models.report import Report
from firstcall.kernel import clock
from firstcall.respond.models.call_back import CallBack
from tests.friday import MINUTE, NOW, Friday, make_friday

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday_night() -> Iterator[None]:
    with clock.read_from(lambda: NOW):
        yield


@pytest.fixture
def friday() -> Friday:
    return make_friday()


@pytest.fixture
def cleo(client: Client, friday: Friday) -> Client:
    client.force_login(friday.cast.cleo)
    return client


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bakery union", "Bakery Union is hit."),
        ("Harb", "Harbour Grill is hit."),
        ("Bakehouse Lane", "Bakehouse Lane is not hit by anything we know of."),
        ("bake", "2 customers of that name. Which one?"),
        ("Nobody Ltd", "Nobody of that name is listed."),
        ("", "Type the first letters"),
    ],
)
def test_who_it_is_is_found_as_it_is_typed(cleo: Client, typed: str, words: str) -> None:
    assert words in cleo.get("/call/", {"who": typed}).content.decode()
    part = cleo.get("/call/", {"who": typed, "part": "found"}).content.decode()
    assert words in part
    assert "<html" not in part


def test_what_not_to_say_stands_beside_what_to_say(cleo: Client) -> None:
    text = cleo.get("/call/", {"who": "Bakery Union"}).content.decode()
    assert text.index("is hit") < text.index("Say") < text.index("Do not say")
    for words in ("when it will work again", "whose fault it is"):
        assert words in text


def test_the_call_becomes_a_report_and_a_promise(cleo: Client, friday: Friday) -> None:
    at = NOW + 18 * MINUTE
    sent = {
        "who": "Bakery Union",
        "seen": "cards are refused",
        "since": "22:58",
        "stands_still": ["Checkout"],
        "call_back_at": at.isoformat(),
    }
    answer = cleo.post("/call/", sent)
    assert answer["Location"] == f"/incidents/{friday.incident.pk}/"
    report = Report.objects.get()
    assert (report.seen, report.stands_still, report.incident, report.by) == (
        "cards are refused", "Checkout", friday.incident.pk, friday.cast.cleo,
    )  # fmt: skip
    assert report.since == dt.datetime(2026, 11, 20, 21, 58, tzinfo=dt.UTC)
    call = CallBack.objects.get()
    assert (call.owner, call.due_at, call.phone, call.report) == (friday.cast.cleo, at, "+49 000 1", report.pk)
    assert "Call Bakery Union back." in cleo.get("/").content.decode()
    cleo.post(f"/call-backs/{call.pk}/done/")
    call.refresh_from_db()
    assert call.done_at == NOW


@pytest.mark.parametrize(
    "sent",
    [
        {"who": " ", "seen": "x"},
        {"who": "Bakery Union", "since": "dawn"},
        {"who": "Bakery Union", "call_back_at": "soon"},
        {"who": "Bakery Union", "call_back_at": "2026-11-20T22:00:00+00:00"},
    ],
)
def test_a_call_that_makes_no_sense_keeps_nothing(cleo: Client, sent: dict[str, str]) -> None:
    assert cleo.post("/call/", sent).status_code == 422
    assert (Report.objects.count(), CallBack.objects.count()) == (0, 0)


def test_who_does_not_talk_to_customers_has_no_such_page(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.eve)
    assert client.get("/call/").status_code == 403
