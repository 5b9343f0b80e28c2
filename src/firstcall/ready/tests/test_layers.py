"""Layers, restricted hours, hand-overs by the hour, and the pages they are made on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.schedule import Layer, add_override, layers_of, set_schedule
from firstcall.ready.models.schedule import Override, Rotation, Schedule
from firstcall.ready.queries.oncall import plan_of
from firstcall.ready.rules.window import EVERY_DAY, Window
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)  # a Friday
MONDAY = dt.date(2026, 11, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def follow_the_sun(cast: Cast) -> Schedule:
    """Ben by Berlin's day, Ada by New York's, Dana for whatever is left."""
    day = (Window(EVERY_DAY, dt.time(9), dt.time(18)),)
    return set_schedule(
        name="Sun", zone="Europe/Berlin", by=MACHINE, now=NOW,
        layers=[
            Layer((cast.ben,), dt.time(9), MONDAY, name="Berlin", windows=day),
            Layer((cast.ada,), dt.time(9), MONDAY, name="New York", zone="America/New_York", windows=day),
            Layer((cast.dana,), dt.time(9), MONDAY, name="the rest"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "who"),
    [(7, "Dana"), (8, "Ben"), (16, "Ben"), (17, "Ada"), (22, "Ada"), (23, "Dana")],
)
def test_the_first_layer_that_has_somebody_wins_at_every_hour(cast: Cast, hour: int, who: str) -> None:
    held = plan_of(follow_the_sun(cast)).holder(at=dt.datetime(2026, 11, 18, hour, tzinfo=dt.UTC))
    assert held is not None
    assert held.name == who


def test_what_is_stored_comes_back_as_it_was(cast: Cast) -> None:
    schedule = follow_the_sun(cast)
    before = layers_of(schedule)
    set_schedule(schedule=schedule, name="Sun", zone="Europe/Berlin", layers=before, by=MACHINE, now=NOW)
    assert layers_of(schedule) == before
    assert Rotation.objects.count() == 3


def test_a_layer_ends_at_the_handover_of_its_last_day(cast: Cast) -> None:
    short = Layer((cast.ben,), dt.time(9), MONDAY, until=dt.date(2026, 11, 20))
    plan = plan_of(set_schedule(name="Short", zone="UTC", layers=[short], by=MACHINE, now=NOW))
    assert plan.holder(at=dt.datetime(2026, 11, 20, 8, 59, tzinfo=dt.UTC)) == cast.ben
    assert plan.holder(at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)) is None


@pytest.mark.parametrize(
    ("layer", "field"),
    [
        ({"members": ()}, "members"),
        ({"length_days": 0}, "length_days"),
        ({"length_hours": 9000}, "length_hours"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"starts": dt.date(1, 1, 1)}, "starts"),
        ({"until": MONDAY}, "until"),
        ({"windows": (Window(frozenset(), dt.time(9), dt.time(18)),)}, "days"),
    ],
)
def test_a_layer_that_makes_no_sense_is_refused_and_nothing_is_made(
    cast: Cast, layer: dict[str, object], field: str
) -> None:
    known: dict[str, object] = {"members": (cast.ben,), "handover": dt.time(9), "starts": MONDAY}
    with pytest.raises(Refused) as refused:
        set_schedule(name="Wrong", zone="UTC", layers=[Layer(**{**known, **layer})], by=MACHINE, now=NOW)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Schedule.objects.count() == 0


def test_what_came_from_a_file_is_changed_in_its_file(cast: Cast) -> None:
    layer = Layer((cast.ben,), dt.time(9), MONDAY)
    made = set_schedule(name="Filed", zone="UTC", layers=[layer], by=MACHINE, now=NOW)
    Schedule.objects.update(origin="catalog.yaml")
    made.refresh_from_db()
    with pytest.raises(Refused) as refused:
        set_schedule(schedule=made, name="By hand", zone="UTC", layers=[layer], by=MACHINE, now=NOW)
    assert refused.value.sentence == "This comes from catalog.yaml: change it there and apply the file again."
    assert Schedule.objects.get().name == "Filed"


def test_a_page_makes_a_schedule_of_nights_and_another_layer_for_the_day(client: Client, cast: Cast) -> None:
    said = {
        "name": "Nights", "zone": "Europe/Berlin", "owner": cast.ada.pk, "title": "nights", "first": cast.ben.pk,
        "unit": "hours",
        "length": 12, "handover": "20:00", "starts": "2026-11-16", "hours_from": "20:00", "hours_to": "08:00",
    }  # fmt: skip
    answer = client.post("/oncall/new/", said)
    schedule = Schedule.objects.get()
    assert answer["Location"] == f"/oncall/{schedule.pk}/"
    assert schedule.owner == cast.ada
    client.post(
        f"/oncall/{schedule.pk}/layers/new/",
        {
            "title": "days",
            "first": cast.dana.pk,
            "unit": "days",
            "length": 7,
            "handover": "09:00",
            "starts": "2026-11-16",
        },
    )
    assert [layer.name for layer in layers_of(schedule)] == ["nights", "days"]
    assert [layer.length_hours for layer in layers_of(schedule)] == [12, 0]
    page = client.get(f"/oncall/{schedule.pk}/").content.decode()
    assert "turns of 12 hours" in page
    assert "20:00–08:00" in page
    client.post(f"/oncall/{schedule.pk}/layers/1/move/", {"do": "up"})
    assert [layer.name for layer in layers_of(schedule)] == ["days", "nights"]
    client.post(f"/oncall/{schedule.pk}/layers/1/move/", {"do": "away"})
    assert [layer.name for layer in layers_of(schedule)] == ["days"]


def test_a_form_loses_nobody_and_no_hours_it_has_no_field_for(client: Client, cast: Cast) -> None:
    everybody = (cast.ada, cast.ben, cast.cleo, cast.dana, cast.eve, cast.ada, cast.ben, cast.cleo)
    hours = (Window(frozenset({1}), dt.time(8), dt.time(12)), Window(frozenset({6}), dt.time(10), dt.time(14)))
    layer = Layer(everybody, dt.time(9), MONDAY, windows=hours)
    schedule = set_schedule(name="Large", zone="UTC", layers=[layer], by=MACHINE, now=NOW)
    page = client.get(f"/oncall/{schedule.pk}/layers/0/")
    assert "It also counts, and goes on to: 10:00–14:00." in page.content.decode()
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    said |= {"handover": "10:00", "starts": "2026-11-16", "hours_from": "08:00", "hours_to": "12:00"}
    assert client.post(f"/oncall/{schedule.pk}/layers/0/", said).status_code == 302
    (kept,) = layers_of(schedule)
    assert (kept.members, kept.windows, kept.handover) == (everybody, hours, dt.time(10))


def test_half_a_restriction_is_refused_in_its_field(client: Client, cast: Cast) -> None:
    said = {
        "name": "Half", "zone": "UTC", "first": cast.ben.pk, "unit": "days", "length": 7, "handover": "09:00",
        "starts": "2026-11-16", "hours_from": "20:00",
    }  # fmt: skip
    answer = client.post("/oncall/new/", said)
    assert answer.status_code == 422
    assert "Give both hours, or neither." in answer.content.decode()
    assert Schedule.objects.count() == 0


def test_an_override_is_ended_and_what_was_stays(client: Client, cast: Cast) -> None:
    schedule = follow_the_sun(cast)
    day = dt.timedelta(days=1)
    later = add_override(
        schedule=schedule, user=cast.cleo, starts=NOW + 9000 * day, ends=NOW + 9001 * day, by=MACHINE, now=NOW
    )
    client.post(f"/oncall/overrides/{later.pk}/end/")
    assert Override.objects.count() == 0
    assert Entry.objects.filter(kind="override.removed").count() == 1


def test_a_schedule_that_a_path_pages_is_not_removed(client: Client, cast: Cast) -> None:
    schedule = follow_the_sun(cast)
    path = set_path(name="Night", steps=[Step(schedule, 5)], by=MACHINE, now=NOW)
    answer = client.post(f"/oncall/{schedule.pk}/remove/", follow=True)
    assert "Night pages it: change the path first." in answer.content.decode()
    path.delete()
    client.post(f"/oncall/{schedule.pk}/remove/")
    assert Schedule.objects.count() == 0


def test_gaps_are_named_before_they_happen(client: Client, cast: Cast) -> None:
    weekdays = (Window(frozenset({1, 2, 3, 4, 5}), dt.time(0), dt.time(0)),)
    layer = Layer((cast.ben,), dt.time(9), MONDAY, windows=weekdays)
    schedule = set_schedule(name="Weekdays", zone="Europe/Berlin", layers=[layer], by=MACHINE, now=NOW)
    page = client.get("/oncall/").content.decode()
    assert page.count("Nobody from Saturday") == 2
    page = client.get(f"/oncall/{schedule.pk}/").content.decode()
    assert "2 gaps in two weeks." in page
    assert "Mon Tue Wed Thu Fri" in page
    assert "00:00–00:00" not in page  # whole days have no hours


def test_pages_take_a_known_number_of_statements(
    client: Client, cast: Cast, django_assert_max_num_queries: object
) -> None:
    schedule = follow_the_sun(cast)
    client.get("/oncall/")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get("/oncall/")
    with django_assert_max_num_queries(28):  # type: ignore[operator]
        client.get(f"/oncall/{schedule.pk}/")
