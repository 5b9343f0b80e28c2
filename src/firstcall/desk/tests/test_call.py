"""A customer is calling: hit or not hit first, words one can speak, a report and a promise at the end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.detect.models.report import Report
from firstcall.respond.models.call_back import CallBack
from tests.friday import MINUTE, NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


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
        "flow": [friday.flow.pk],
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
        {"who": "Corner Bakery", "phone": "at home"},
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


def sent_by_nobody(friday: Friday, **more: object) -> dict[str, object]:
    """What the form sends of a caller in no list."""
    return {"who": "Corner Bakery", "flow": [friday.flow.pk], "phone": " +49 000  7 ", "seen": "cards fail", **more}


def test_a_flow_that_is_worked_on_is_offered_first_with_the_words(cleo: Client, friday: Friday) -> None:
    part = cleo.get("/call/", {"who": "Corner Bakery", "flow": str(friday.flow.pk), "part": "found"}).content.decode()
    assert "‘Checkout’ is being worked on since <time" in part and "Nobody of that name is listed." in part
    assert "add this to its room" in part and f'value="{friday.incident.pk}" checked' in part
    assert "You are right, ‘Checkout’ is not working as it should." in part
    assert part.index("add this to its room") < part.index("You are right")


def test_an_unlisted_callers_report_with_the_flow_chosen_is_in_the_room_within_one_save(
    cleo: Client, friday: Friday
) -> None:
    room = f"/incidents/{friday.incident.pk}/"
    assert "nobody has reported it yet" in cleo.get(room).content.decode()
    at = NOW + 18 * MINUTE
    answer = cleo.post("/call/", sent_by_nobody(friday, call_back_at=at.isoformat()))
    assert answer["Location"] == room
    report, promised = Report.objects.get(), CallBack.objects.get()
    assert (report.incident, report.flow, report.customer, report.who, report.phone, report.stands_still) == (
        friday.incident.pk, friday.flow, None, "Corner Bakery", "+49 000 7", "Checkout",
    )  # fmt: skip
    assert (promised.incident, promised.phone) == (friday.incident, "+49 000 7")
    text = cleo.get(room).content.decode()
    for words in ("From 1 alert and 1 report.", "Told us themselves: Corner Bakery.", 'href="tel:+49 000 7"'):
        assert words in text
    assert "nobody has reported it yet" not in text
    now = cleo.get("/").content.decode()
    assert "Reports without an incident" not in now
    assert "Call Corner Bakery back" in now and f'href="{room}"' in now and 'href="tel:+49 000 7"' in now


def test_it_may_be_about_something_else(cleo: Client, friday: Friday) -> None:
    answer = cleo.post("/call/", sent_by_nobody(friday, incident="", offered=friday.incident.pk))
    report = Report.objects.get()
    assert answer["Location"] == f"/report/{report.pk}/"
    assert (report.incident, report.apart, report.flow) == (None, True, friday.flow)
    assert "nobody has reported it yet" in cleo.get(f"/incidents/{friday.incident.pk}/").content.decode()


def test_a_caller_who_names_nothing_joins_nothing_by_guess(cleo: Client, friday: Friday) -> None:
    cleo.post("/call/", sent_by_nobody(friday, flow=[]))
    report = Report.objects.get()
    assert (report.incident, report.flow, report.apart) == (None, None, False)
    page = cleo.get(f"/report/{report.pk}/").content.decode()
    assert f"Add to {friday.incident.reference}: Card payments fail" in page


@pytest.mark.parametrize("press", [{"find": "yes"}, {"pick": "Bakery Union"}])
def test_looking_for_the_name_keeps_what_was_chosen(cleo: Client, friday: Friday, press: dict[str, str]) -> None:
    answer = cleo.post("/call/", sent_by_nobody(friday, since="22:58", **press))
    page = answer.content.decode()
    assert (answer.status_code, Report.objects.count()) == (200, 0)
    assert f'name="flow" value="{friday.flow.pk}" checked' in page
    for value in ("+49 000  7", "cards fail", "22:58", press.get("pick", "Corner Bakery")):
        assert f'value="{value}"' in page.replace('" +49 000  7 "', '"+49 000  7"')


def test_what_is_found_holds_no_field_that_was_filled_in_below_it(cleo: Client, friday: Friday) -> None:
    """Typing the name swaps this part alone, so nothing chosen or written is in it, and its own choice comes back."""
    flow, incident = str(friday.flow.pk), str(friday.incident.pk)
    asked = {"who": "x", "flow": flow, "incident": "", "offered": incident, "part": "found"}
    part = cleo.get("/call/", asked).content.decode()
    assert {name for name in ("flow", "phone", "seen", "since") if f'name="{name}"' in part} == set()
    assert 'name="incident" value="" checked' in part


@pytest.mark.parametrize(
    ("who", "asks"), [("", False), ("Bakery Union", False), ("Bakehouse Lane", True), ("Corner Bakery", True)]
)
def test_a_number_is_asked_of_whom_nobody_can_call(cleo: Client, who: str, asks: bool) -> None:
    assert ("data-no-phone" in cleo.get("/call/", {"who": who, "part": "found"}).content.decode()) is not asks
