"""Changes against peaks and release windows, the calendar, and the last change of what a flow needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.ready.commands.change import note_change, remove_change, set_release_window
from firstcall.ready.models.change import Change, ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.change import change_calendar, last_changes
from firstcall.ready.rules.change import Allowed, Peak, in_peak, judge_change, peak_hours
from firstcall.ready.rules.window import Window
from tests.cast import make_cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)  # Friday 23:00 in Berlin
BERLIN = "Europe/Berlin"
HOUR = dt.timedelta(hours=1)
FRIDAY = Peak("Checkout", peak_hours("5", 17, 24))
OFFICE = Allowed(Window(frozenset({1, 2, 3, 4}), dt.time(9), dt.time(16)), BERLIN)


@pytest.mark.parametrize(
    ("hour", "expected"), [(15, False), (16, True), (22, True), (23, False)]
)  # UTC; 24 in Berlin is Saturday
def test_a_peak_is_by_the_wall_clock(hour: int, expected: bool) -> None:
    at = NOW.replace(hour=hour)
    assert in_peak(FRIDAY, at=at, zone=BERLIN) is expected
    assert in_peak(Peak("Checkout", peak_hours("", 17, 24)), at=at - 24 * HOUR, zone=BERLIN) is expected
    assert in_peak(FRIDAY, at=at - 24 * HOUR, zone=BERLIN) is False


@pytest.mark.parametrize(
    ("at", "allowed", "expected"),
    [
        (NOW, (), ["during Checkout’s peak (Friday 17–24)"]),
        (NOW, (OFFICE,), ["during Checkout’s peak (Friday 17–24)", "outside the release window"]),
        (NOW - 36 * HOUR, (OFFICE,), []),
        (NOW - 24 * HOUR, (OFFICE,), ["outside the release window"]),
        (NOW - 24 * HOUR, (), []),
    ],
)
def test_what_is_wrong_with_its_time(at: dt.datetime, allowed: tuple[Allowed, ...], expected: list[str]) -> None:
    assert [plain(one) for one in judge_change(at=at, peaks=[FRIDAY], allowed=allowed, zone=BERLIN)] == expected


@pytest.fixture
def flow(settings: Any) -> Flow:
    """Checkout (Friday 17–24) needs payments, which needs ledger; search stands alone."""
    settings.ENV = {**settings.ENV, "FIRSTCALL_ZONE": BERLIN}
    row = Flow.objects.create(
        slug="checkout", name="Checkout", criticality="critical", peak_days="5", peak_from=17, peak_to=24
    )
    payments = Component.objects.create(slug="payments", name="Payments")
    ledger = Component.objects.create(slug="ledger", name="Ledger")
    Component.objects.create(slug="search", name="Search")
    Dependency.objects.create(flow=row, component=payments)
    Dependency.objects.create(from_component=payments, component=ledger)
    return row


def part(slug: str) -> Component:
    return Component.objects.get(slug=slug)


@pytest.mark.django_db
def test_the_calendar_flags_what_may_touch_a_flow_in_its_peak(
    flow: Flow, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for title, component in (("Ledger 2", part("ledger")), ("Search 9", part("search")), ("Something", None)):
        note_change(title=title, at=NOW - HOUR, component=component, by=MACHINE, now=NOW)
    with django_assert_max_num_queries(5):
        days = change_calendar(now=NOW, zone=BERLIN)
    assert (len(days), days[0].day, days[-1].day) == (14, dt.date(2026, 11, 26), dt.date(2026, 11, 13))
    [today] = [day for day in days if day.today]
    assert [(one.flow, one.starts, one.length) for one in today.peaks] == [("Checkout", 1020, 420)]
    assert {one.change.title: (one.touches, [plain(wrong) for wrong in one.wrong]) for one in today.changes} == {
        "Ledger 2": (("Checkout",), ["during Checkout’s peak (Friday 17–24)"]),
        "Search 9": ((), []),
        "Something": ((), ["during Checkout’s peak (Friday 17–24)"]),
    }


@pytest.mark.django_db
def test_hours_of_its_own_win_over_those_for_everything(flow: Flow) -> None:
    for days, component in (("1234567", None), ("1", part("search"))):
        set_release_window(
            days=days, starts=dt.time(0), ends=dt.time(0), zone=BERLIN, component=component, by=MACHINE, now=NOW
        )
    for slug in ("payments", "search"):
        note_change(title=slug, at=NOW - 48 * HOUR, component=part(slug), by=MACHINE, now=NOW)
    found = {one.change.title: len(one.wrong) for day in change_calendar(now=NOW, zone=BERLIN) for one in day.changes}
    assert found == {"payments": 0, "search": 1}


@pytest.mark.django_db
def test_the_last_changes_are_of_what_the_flow_needs_within_a_day(flow: Flow) -> None:
    for title, slug, hours in (("a", "ledger", 1), ("b", "payments", 23), ("c", "payments", 25), ("d", "search", 1)):
        note_change(title=title, at=NOW - hours * HOUR, component=part(slug), by=MACHINE, now=NOW)
    note_change(title="later", at=NOW + HOUR, flow=flow, by=MACHINE, now=NOW)
    assert [row.title for row in last_changes(flow, now=NOW)] == ["a", "b"]
    assert [row.title for row in last_changes(flow, now=NOW, since=NOW - 20 * HOUR)] == ["a", "b", "c"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [({"title": "  "}, "title"), ({"at": NOW + 400 * 24 * HOUR}, "at"), ({"link": "javascript:alert(1)"}, "link")],
)
def test_a_refusal_leaves_nothing(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        note_change(**{"title": "x", "at": NOW, **given}, by=MACHINE, now=NOW)
    assert (refused.value.field, Change.objects.count(), Entry.objects.count()) == (field, 0, 0)


@pytest.mark.django_db
def test_the_same_key_is_kept_once_and_what_a_tool_told_stays() -> None:
    first = note_change(title="x", at=NOW, key="ci:1", by=MACHINE, now=NOW)
    assert note_change(title="other", at=NOW, key="ci:1", by=MACHINE, now=NOW) == first
    assert (Change.objects.get().title, Entry.objects.filter(kind="change.noted").count()) == ("x", 1)
    with pytest.raises(Refused):
        remove_change(change=first, by=MACHINE, now=NOW)
    assert Change.objects.count() == 1


@pytest.mark.django_db
def test_ada_keeps_the_calendar_by_hand(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("firstcall.kernel.clock.now", lambda: NOW)
    cast, client = make_cast(), Client()
    client.force_login(cast.ada)
    assert "None in these two weeks." in client.get("/flows/changes/").content.decode()
    given = {"title": "Payments 4.2", "at": "2026-11-20T22:30", "component": part("payments").pk}
    assert client.post("/flows/changes/", given).status_code == 302
    assert Change.objects.get().at == dt.datetime(2026, 11, 20, 21, 30, tzinfo=dt.UTC)
    hours = {"window-days": ["1", "2"], "window-starts": "09:00", "window-ends": "16:00"}
    assert client.post("/flows/changes/windows/", hours).status_code == 302
    with django_assert_max_num_queries(25):
        page = client.get("/flows/changes/").content.decode()
    for words in (
        "Payments 4.2",
        "during Checkout’s peak (Friday 17–24)",
        "outside the release window",
        "Mon Tue 09:00–16:00",
    ):
        assert words in page
    assert client.post("/flows/changes/windows/", {**hours, "window-days": []}).status_code == 422
    assert client.post("/flows/changes/", {"title": "", "at": ""}).status_code == 422
    client.post(f"/flows/changes/windows/{ReleaseWindow.objects.get().pk}/remove/")
    client.post(f"/flows/changes/{Change.objects.get().pk}/remove/")
    assert (ReleaseWindow.objects.count(), Change.objects.count()) == (0, 0)
    client.force_login(cast.eve)
    assert client.post("/flows/changes/", given).status_code == 403
    assert client.get("/flows/changes/").status_code == 200
