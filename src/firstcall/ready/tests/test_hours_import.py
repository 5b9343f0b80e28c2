"""What each hour of the week costs: from a file, whole or not at all, and what an outage and a peak make of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.ready.commands.hours_import import forget_hours, import_hours
from firstcall.ready.commands.preview import keep_preview
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.change import peak_of
from firstcall.ready.queries.hours_import import mark_of, week_of
from firstcall.ready.rules.hours_import import Week, read_week
from firstcall.ready.rules.table import read_table
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
WEEK = tuple(n % 24 * 10 + n // 24 for n in range(168))  # Monday 00:00 is 0, Sunday 23:00 is 236
NAMES = ("Mon", "Tuesday", "wed", "4", "Fri", "SAT", "Sunday")


def rows(clock: str = "{}") -> list[str]:
    return [f"{NAMES[n // 24]},{clock.format(n % 24)},{WEEK[n]}" for n in range(168)]


def days(cells: str = ",") -> list[str]:
    return [cells.join(str(WEEK[day * 24 + hour]) for hour in range(24)) for day in range(7)]


def read(text: str) -> Week:
    return read_week(read_table(text))


@pytest.mark.parametrize(
    "text",
    [
        "weekday,hour,value\n" + "\n".join(rows()),
        "Day;Time;Cost\n" + "\n".join(reversed(rows("{}:00"))).replace(",", ";"),
        "DOW,Hour of day,EUR\n" + "\n".join(rows("{}h")),
        "\n".join(days()),
        "\n".join(days("\t")),
        "day," + ",".join(f"{n:02}:00" for n in range(24)) + "\n"
        + "\n".join(f"{name},{line}" for name, line in zip(NAMES, days(), strict=True)),
        "hour," + ",".join(NAMES) + "\n"
        + "\n".join(f"{hour}," + ",".join(str(WEEK[day * 24 + hour]) for day in range(7)) for hour in range(24)),
    ],
    ids=["rows", "upside-down", "other-names", "bare", "tabs", "days-down", "days-across"],
)  # fmt: skip
def test_a_week_is_read_in_every_shape(text: str) -> None:
    assert read(text) == Week(WEEK)


@pytest.mark.parametrize(
    ("place", "row", "line", "words"),
    [
        (3, "Someday,3,30", 5, "“Someday” is no weekday: write Monday, Mon or 1."),
        (3, "Mon,24,30", 5, "“24” is no hour of the day: write 0 to 23, or 17:00."),
        (3, "Mon,3:30,30", 5, "“3:30” is no hour of the day: write 0 to 23, or 17:00."),
        (3, "Mon,3,-30", 5, "“-30” is no amount: write a number without other signs, such as 1200."),
        (3, "Mon,3,€30", 5, "“€30” is no amount: write a number without other signs, such as 1200."),
        (3, "Mon,3,1.200", 5, "“1.200” is no amount: write a number without other signs, such as 1200."),
        (3, "Mon,3,", 5, "“” is no amount: write a number without other signs, such as 1200."),
        (3, "Mon,3,2000000001", 5, "“2000000001” is no amount: write a number without other signs, such as 1200."),
        (3, "Mon,2,30", 5, "Monday 02:00 stands here twice, first in line 4."),
        (3, "", 0, "Monday 03:00 is missing."),
        (3, "Mon,3,30,4", 5, "This row has 4 cells, the first line only 3: does a text hold the separating sign?"),
    ],
)
def test_what_is_not_right_is_named_and_nothing_is_taken(place: int, row: str, line: int, words: str) -> None:
    told = rows()
    told[place] = row
    found = read("weekday,hour,value\n" + "\n".join(told))
    assert found.hours == ()
    assert [(one.line, plain(one.sentence)) for one in found.faults] == [(line, words)]


def test_many_missing_hours_are_named_and_counted() -> None:
    found = read("weekday,hour,value\n" + "\n".join(rows()[30:]))
    assert len(found.faults) == 21
    assert plain(found.faults[0].sentence) == "Monday 00:00 is missing."
    assert plain(found.faults[-1].sentence) == "And 10 more hours are missing."


def test_another_table_says_what_it_should_be() -> None:
    (fault,) = read("name,tier\nBakery Union,gold").faults
    assert plain(fault.sentence).startswith("Give three columns (weekday, hour, value)")


def test_cents_are_rounded() -> None:
    assert read("\n".join(",".join(["1.50"] * 24) for _day in range(7))).hours == (2,) * 168


@pytest.fixture
def flow(cast: Cast) -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout")


def kept(cast: Cast, flow: Flow, text: str = "") -> Preview:
    return keep_preview(body=(text or "\n".join(days())).encode(), name="week.csv", person=cast.ada, now=NOW, flow=flow)


def run(preview: Preview, flow: Flow) -> None:
    import_hours(preview=preview, mark=mark_of(flow, week_of(preview)), **SAY)


def test_the_hours_and_without_a_figure_the_average_and_the_dearest(cast: Cast, flow: Flow) -> None:
    run(kept(cast, flow), flow)
    flow.refresh_from_db()
    assert (flow.by_hour, flow.cost_per_hour, flow.cost_per_hour_most) == (list(WEEK), 118, 236)
    assert Entry.objects.filter(kind="flow.hours_imported").count() == 1
    assert Preview.objects.count() == 0
    forget_hours(flow=flow, **SAY)
    forget_hours(flow=flow, **SAY)
    flow.refresh_from_db()
    assert (flow.by_hour, flow.cost_per_hour) == (None, 118)
    assert Entry.objects.filter(kind="flow.changed").count() == 1


def test_a_figure_that_somebody_gave_stays(cast: Cast, flow: Flow) -> None:
    Flow.objects.update(cost_per_hour=500)
    flow.refresh_from_db()
    run(kept(cast, flow), flow)
    flow.refresh_from_db()
    assert (flow.cost_per_hour, flow.cost_per_hour_most) == (500, None)


def test_refused_nothing_changes(cast: Cast, flow: Flow) -> None:
    broken = kept(cast, flow, "weekday,hour,value\n" + "\n".join(rows()[1:]))
    with pytest.raises(Refused):
        run(broken, flow)
    good = kept(cast, flow)
    seen = mark_of(flow, week_of(good))
    Flow.objects.update(cost_per_hour=500)
    with pytest.raises(Refused) as stale:
        import_hours(preview=good, mark=seen, **SAY)
    assert stale.value.sentence.startswith("The flow was changed since you looked.")
    Flow.objects.update(origin="catalog.yaml")
    flow.refresh_from_db()
    with pytest.raises(Refused) as filed:
        run(good, flow)
    assert filed.value.sentence.startswith("This comes from catalog.yaml")
    assert Flow.objects.get().by_hour is None
    assert (Preview.objects.count(), Entry.objects.count()) == (2, 0)


def test_an_outage_costs_its_own_hours_and_the_peak_is_where_an_hour_is_dear(flow: Flow) -> None:
    flow.cost_per_hour = 500
    flow.by_hour = [100] * 168
    flow.by_hour[4 * 24 + 17 : 4 * 24 + 20] = [1000, 2000, 1000]
    five = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)  # a Friday
    hour = dt.timedelta(hours=1)
    assert [flow.hour_at(five + n * hour).least for n in range(-1, 4)] == [
        100, 1000, 2000, 1000, 100,
    ]  # fmt: skip
    assert flow.hour_during([(five - hour, five + hour)]).least == 550
    assert flow.hour.least == 500
    peak = peak_of(flow)
    assert peak is not None and peak.of_day(4) == [(17, 20)] and peak.of_day(3) == []
    flow.peak_from, flow.peak_to, flow.peak_days = 8, 9, "1"
    said = peak_of(flow)
    assert said is not None and said.hours == {8}
    flow.peak_from = flow.peak_to = None
    flow.by_hour = [100] * 168
    assert peak_of(flow) is None


def test_the_pages_from_the_file_to_the_picture(cast: Cast, flow: Flow) -> None:
    client = Client()
    client.force_login(cast.ada)
    page = client.get("/flows/checkout/hours/").content.decode()
    assert "every hour counts the same" in page
    path = client.post("/flows/checkout/hours/", {"paste": "weekday,hour,value\n" + "\n".join(rows()[1:])}).headers[
        "Location"
    ]
    assert "Monday 00:00 is missing." in client.get(path).content.decode()
    assert client.post(path, {"mark": ""}).status_code == 422
    path = client.post("/flows/checkout/hours/", {"paste": "\n".join(days())}).headers["Location"]
    page = client.get(path).content.decode()
    assert "The dearest hour is Sunday 23:00: €236." in page and "it becomes €118 to €236" in page
    told = page.split('name="mark" value="')[1].split('"')[0]
    page = client.post(path, {"mark": told}, follow=True).content.decode()
    assert "The cheapest is Monday 00:00: €0." in page and "Saved." in page
    assert client.get(path).headers["Location"] == "/flows/checkout/hours/"
    client.post("/flows/checkout/hours/forget/")
    assert Flow.objects.get().by_hour is None
    client.force_login(cast.dana)
    assert "See what it says" not in client.get("/flows/checkout/hours/").content.decode()
    assert client.post("/flows/checkout/hours/", {"paste": "x"}).status_code == 403
