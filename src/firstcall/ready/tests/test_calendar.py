"""Calendars out and in: what others follow, and what we read."""

from __future__ import annotations

import datetime as dt
import time
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from pytest_httpserver import HTTPServer

from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.calendars.read import Unreadable, read_calendar
from firstcall.ready.commands.calendar import add_calendar, keep_calendar
from firstcall.ready.commands.schedule import Layer, layers_of, set_schedule
from firstcall.ready.handlers.calendar import read_due
from firstcall.ready.models.calendar_link import CalendarLink
from firstcall.ready.models.schedule import Calendar, CalendarShift, Schedule
from firstcall.ready.queries.oncall import plan_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
START, END = NOW - dt.timedelta(days=14), NOW + dt.timedelta(days=120)


def ics(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//", *lines, "END:VCALENDAR", "")).encode()


def event(summary: str, starts: str, ends: str, *more: str) -> tuple[str, ...]:
    times = (f"DTSTART{starts}", f"DTEND{ends}")
    return ("BEGIN:VEVENT", f"UID:{summary}-{starts}", f"SUMMARY:{summary}", *times, *more, "END:VEVENT")


WEEKLY = ics(
    *event("Ben", ";TZID=Europe/Berlin:20261116T090000", ";TZID=Europe/Berlin:20261116T170000", "RRULE:FREQ=WEEKLY")
)

MANY = ics(*(line for n in range(5001) for line in event(f"{n}", ":20261120T090000Z", ":20261120T100000Z")))
ZOE = event("Zoe", ":20261125T090000Z", ":20261125T170000Z")


def test_what_comes_back_is_spelled_out_by_the_clock_on_the_wall() -> None:
    found = read_calendar(WEEKLY, zone=BERLIN, start=START, end=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    assert [one.starts for one in found] == [
        dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC), dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC),
    ]  # fmt: skip
    assert found[0].who == ("Ben",)


def test_an_attendee_says_more_than_a_title_and_a_day_is_a_day() -> None:
    body = ics(
        *event("Night shift", ";VALUE=DATE:20261121", ";VALUE=DATE:20261122", "ATTENDEE;CN=Ben:mailto:ben@example.com")
    )
    (found,) = read_calendar(body, zone=BERLIN, start=START, end=END)
    assert found.who == ("ben@example.com", "Ben", "Night shift")
    assert (found.starts, found.ends) == (
        dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 23, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"not a calendar", "This is no calendar we can read"),
        (b"\xff\xfe\x00", "This is no calendar we can read"),
        (b"x" * (5 * 1024 * 1024 + 1), "The calendar is larger than 5 MB."),
        (
            ics(*event("Ben", ":20260101T090000Z", ":20260101T090001Z", "RRULE:FREQ=SECONDLY")),
            "‘Ben’ comes back every minute or more often: that is no shift.",
        ),
        (
            ics(*event("Ben", ":20260101T090000Z", ":20260101T100000Z", "RRULE:FREQ=DAILY;BYMINUTE=1,2,3")),
            "‘Ben’ comes back every minute or more often: that is no shift.",
        ),
        (
            ics(*event("Ben", ":10260101T090000Z", ":10260101T170000Z", "RRULE:FREQ=DAILY")),
            "‘Ben’ has come back since the year 1026: let it begin in 2000 or later.",
        ),
        (MANY, "more than 5,000 events"),
        (
            ics(*event("Ben", ":20260101T090000Z", ":20260101T100000Z", "RRULE:FREQ=DAILY;INTERVAL=0")),
            "‘Ben’ comes back at no interval: give its rule an INTERVAL of 1 or more.",
        ),
        (
            ics(
                *event(
                    "Ben", ":20260101T090000Z", ":20260101T100000Z", "RRULE:FREQ=DAILY", "EXRULE:FREQ=SECONDLY"
                )
            ),
            "‘Ben’ comes back every minute or more often: that is no shift.",
        ),
        (
            ics(*event("Ben", ":20260101T090000Z", ":20260101T100000Z", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")),
            "Its events take too long to count: let those that come back begin later.",
        ),
        (ics("BEGIN:VEVENT", "SUMMARY:Ben", "END:VEVENT"), "‘Ben’ has no beginning (DTSTART)."),
        (b"BEGIN:VEVENT\r\n" * 5000, "This is no calendar we can read"),
    ],
    ids=[
        "text", "bytes", "large", "secondly", "by minute", "a thousand years", "many", "no interval", "but each second",
        "a day that never comes", "no beginning", "deep",
    ],
)  # fmt: skip
def test_a_calendar_that_would_hang_us_is_refused_with_a_sentence(body: bytes, sentence: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable) as why:
        read_calendar(body, zone=BERLIN, start=START, end=END)
    assert sentence in why.value.sentence
    assert time.monotonic() - began < 10


def test_what_is_cancelled_is_no_shift_and_a_length_is_an_end() -> None:
    gone = event("Ben", ":20261121T090000Z", ":20261121T170000Z", "STATUS:CANCELLED")
    long = ("BEGIN:VEVENT", "UID:1", "SUMMARY:Ada", "DTSTART:20261122T090000Z", "DURATION:PT8H", "END:VEVENT")
    (found,) = read_calendar(ics(*gone, *long), zone=BERLIN, start=START, end=END)
    assert (found.who, found.ends) == (("Ada",), dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC))


def test_a_rule_until_the_year_3000_costs_only_the_window() -> None:
    body = ics(*event("Ben", ":20200101T090000Z", ":20200101T170000Z", "RRULE:FREQ=DAILY;UNTIL=30000101T000000Z"))
    began = time.monotonic()
    assert len(read_calendar(body, zone=BERLIN, start=START, end=END)) == 134
    assert time.monotonic() - began < 5


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    layer = Layer((cast.ada,), dt.time(9), dt.date(2026, 11, 16), windows=())
    return set_schedule(name="Payments", zone="Europe/Berlin", layers=[layer], by=MACHINE, now=NOW)


@pytest.mark.django_db
def test_a_file_becomes_a_layer_and_names_whom_nobody_knows(cast: Cast, schedule: Schedule) -> None:
    zoe = "\r\n".join((*ZOE, "END:VCALENDAR")).encode()
    body = WEEKLY.replace(b"END:VCALENDAR", zoe)
    calendar = add_calendar(schedule=schedule, name="Team", body=body, by=MACHINE, now=NOW)
    assert calendar.unknown == ["Zoe"]
    rotations = plan_of(schedule).rotations
    assert [rotation.events is not None for rotation in rotations] == [False, True]
    alone = plan_of(schedule).rotations[1:]
    assert alone[0].events is not None
    assert {held.user for held in alone[0].events} == {cast.ben.pk}


@pytest.mark.django_db
def test_a_title_that_has_one_name_in_it_names_that_person(cast: Cast, schedule: Schedule) -> None:
    titles = ("On call: Ben (nights)", "Ben and Cleo", "Benjamin", "ada@example.com")
    body = ics(*(line for title in titles for line in event(title, ":20261125T090000Z", ":20261125T170000Z")))
    calendar = add_calendar(schedule=schedule, name="Team", body=body, by=MACHINE, now=NOW)
    assert sorted(shift.user.name for shift in calendar.shifts.select_related("user")) == ["Ada", "Ben"]
    assert calendar.unknown == ["Ben and Cleo", "Benjamin"]


@pytest.mark.django_db
def test_a_layer_taken_away_takes_its_calendar_with_it(schedule: Schedule) -> None:
    add_calendar(schedule=schedule, name="Team", body=WEEKLY, by=MACHINE, now=NOW)
    layers = layers_of(schedule)[:1]
    set_schedule(schedule=schedule, name="Payments", zone="Europe/Berlin", layers=layers, by=MACHINE, now=NOW)
    assert (Calendar.objects.count(), CalendarShift.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_broken_file_adds_nothing(schedule: Schedule) -> None:
    with pytest.raises(Refused) as refused:
        add_calendar(schedule=schedule, name="Team", body=b"nothing", by=MACHINE, now=NOW)
    assert refused.value.field == "file"
    assert (Calendar.objects.count(), schedule.rotations.count()) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["ftp://example.com/a.ics", "https://user:word@example.com/", "https://exa mple.com"])
def test_an_address_we_would_never_ask_adds_nothing(schedule: Schedule, url: str) -> None:
    with pytest.raises(Refused) as refused:
        add_calendar(schedule=schedule, name="Team", url=url, by=MACHINE, now=NOW)
    assert refused.value.field == "url"
    assert Calendar.objects.count() == 0


@pytest.mark.django_db
def test_what_was_read_before_counts_while_the_address_is_ill(
    cast: Cast, schedule: Schedule, httpserver: HTTPServer, settings: object
) -> None:
    httpserver.expect_oneshot_request("/team.ics").respond_with_data(WEEKLY)
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ("127.0.0.0/8", "::1/128")}  # type: ignore[attr-defined]
    calendar = add_calendar(schedule=schedule, name="Team", url=httpserver.url_for("/team.ics"), by=MACHINE, now=NOW)
    read_due(now=NOW)
    before = CalendarShift.objects.count()
    assert before > 10
    httpserver.expect_request("/team.ics").respond_with_data("gone", status=503)
    read_due(now=NOW + dt.timedelta(minutes=59))  # too soon: not asked
    assert not Calendar.objects.get().error
    read_due(now=NOW + dt.timedelta(minutes=61))
    assert Calendar.objects.get().error == "The address answered 503."
    keep_calendar(calendar=Calendar.objects.get(), body=b"<html>", now=NOW)
    assert Calendar.objects.get().error.startswith("This is no calendar we can read")
    assert CalendarShift.objects.count() == before
    assert calendar.pk == Calendar.objects.get().pk


@pytest.mark.django_db
def test_an_address_shows_the_shifts_until_it_is_ended(cast: Cast, schedule: Schedule) -> None:
    client, anybody = Client(), Client()
    client.force_login(cast.ada)
    page = client.post("/oncall/calendars/", {"schedule": schedule.pk})
    (address,) = [word for word in page.content.decode().split('"') if word.endswith(".ics")]
    path = address.removeprefix("http://testserver")
    answer = anybody.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Ada: Payments"]
    assert anybody.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert path.split("/")[-1].removesuffix(".ics") not in repr(list(CalendarLink.objects.values()))
    client.post(f"/oncall/calendars/{CalendarLink.objects.get().pk}/end/")
    assert anybody.get(path).status_code == 404
    assert anybody.get("/calendar/nothing.ics").status_code == 404


@pytest.mark.django_db
def test_nobody_ends_an_address_of_somebody_else(cast: Cast) -> None:
    link = CalendarLink.objects.create(user=cast.ada, digest="x", made_at=NOW)
    client = Client()
    client.force_login(cast.ben)
    assert client.post(f"/oncall/calendars/{link.pk}/end/").status_code == 404
    link.refresh_from_db()
    assert link.ended_at is None
