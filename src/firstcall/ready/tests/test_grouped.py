"""Forms ask first what a newcomer can answer; what holds something, or an error, stands open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from firstcall.kernel import clock
from firstcall.people.models.team import Team
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_provider
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import ComponentForm, FlowForm, PathForm, ProviderForm
from firstcall.ready.pages.grouped import Grouped
from firstcall.ready.pages.schedule_form import LayerForm, NewScheduleForm, ScheduleForm
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
SUNDAY = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with clock.read_from(lambda: SUNDAY):
        yield


@pytest.fixture
def cast(client: Client) -> Cast:
    cast = make_cast()
    client.force_login(cast.ada)
    return cast


def opened(page: str) -> list[str]:
    """The titles of the groups that stand open."""
    return re.findall(r'<details class="fold" open><summary><span>([^<]+)', page)


@pytest.mark.parametrize(
    ("form", "first"),
    [
        (FlowForm, ["name", "criticality", "stops", "cost_per_hour", "owner"]),
        (NewScheduleForm, ["name", "first", "second", "third"]),
        (LayerForm, ["first", "second", "third"]),
        (ScheduleForm, ["name", "zone", "owner", "team"]),
        (PathForm, ["name", "target1", "wait1", "target2", "wait2", "flows"]),
        (ProviderForm, ["name", "contract", "phone", "support_contact", "without"]),
        (ComponentForm, ["name", "owner", "team", "first_steps", "first_steps_link"]),
    ],
)
def test_six_fields_at_most_stand_open_and_none_is_lost(form: type[Grouped], first: list[str]) -> None:
    made = form()
    assert [field.name for field in made.opening] == first
    shown = first + [field.name for group in made.groups for field in group.fields]
    assert sorted(shown) == sorted(made.fields)
    assert [group.title for group in made.groups if group.is_open] == []


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"users_per_hour": 900}, "More figures, and what else is at stake"),
        ({"words_customers": "Paying fails."}, "Words ready for the night"),
        ({"peak_days": "5", "peak_from": 17, "peak_to": 24}, "When it is busiest"),
        ({"stakes": ["law"]}, "More figures, and what else is at stake"),
        ({"first_steps": "Roll back."}, "What to try first"),
    ],
)
def test_what_holds_something_stands_open(client: Client, cast: Cast, said: dict[str, object], title: str) -> None:
    Flow.objects.create(slug="checkout", name="Checkout", **said)
    page = client.get("/flows/checkout/edit/").content.decode()
    assert opened(page) == [title]


def test_an_error_opens_its_group_and_is_summed_at_the_top(client: Client, cast: Cast) -> None:
    said = {"name": "Checkout", "criticality": "critical", "cost_per_hour": "10", "cost_per_hour_most": "5"}
    answer = client.post("/flows/new/", said)
    page = answer.content.decode()
    assert (answer.status_code, Flow.objects.exists()) == (422, False)
    assert opened(page) == ["More figures, and what else is at stake"]
    assert '<a href="#id_cost_per_hour_most">An hour at most: The upper end' in page


def test_a_name_and_people_are_a_schedule_by_the_week_from_monday(client: Client, cast: Cast) -> None:
    page = client.get("/oncall/new/").content.decode()
    assert opened(page) == []
    sent = dict(re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', page))
    chosen = re.findall(r'<select name="(\w+)".*?</select>', page, re.S)
    assert {"first", "second", "zone", "owner", "team", "unit"} <= set(chosen)
    said = {"zone": "Europe/Berlin", "unit": "days", "first": cast.ben.pk, "second": cast.ada.pk, "owner": cast.ada.pk}
    sent = {name: sent[name] for name in ("length", "handover", "starts")}
    assert sent == {"length": "7", "handover": "09:00", "starts": "2026-11-16"}
    assert client.post("/oncall/new/", {**sent, **said, "name": "Nights"}).status_code == 302
    layer = Schedule.objects.get().rotations.get()
    assert (layer.length_days, layer.handover, layer.starts) == (7, dt.time(9), dt.date(2026, 11, 16))


def test_a_layer_of_another_rhythm_shows_it(client: Client, cast: Cast) -> None:
    said = {
        "name": "Nights", "zone": "Europe/Berlin", "first": cast.ben.pk, "unit": "hours", "length": 12,
        "handover": "20:00", "starts": "2026-11-16", "hours_from": "20:00", "hours_to": "08:00",
    }  # fmt: skip
    client.post("/oncall/new/", said)
    page = client.get(f"/oncall/{Schedule.objects.get().pk}/layers/0/").content.decode()
    assert opened(page) == ["The rhythm", "Only on some days or hours"]


def test_a_team_is_chosen_and_shown(client: Client, cast: Cast) -> None:
    team = Team.objects.create(slug="payments", name="Payments crew")
    Component.objects.create(slug="ledger", name="Ledger")
    schedule = {"name": "Nights", "zone": "UTC", "first": cast.ben.pk, "unit": "days", "length": 7,
                "handover": "09:00", "starts": "2026-11-16"}  # fmt: skip
    for address, sent in (
        ("/flows/new/", {"name": "Checkout", "criticality": "critical"}),
        ("/flows/components/ledger/facts/", {"name": "Ledger"}),
        ("/oncall/new/", schedule),
    ):
        assert client.post(address, {**sent, "team": team.pk}).status_code == 302, address
    assert (Flow.objects.get().team, Component.objects.get().team, Schedule.objects.get().team) == (team, team, team)
    for page in ("/flows/checkout/", "/flows/components/ledger/", f"/oncall/{Schedule.objects.get().pk}/"):
        assert "Payments crew" in client.get(page).content.decode(), page
    edit = f"/oncall/{Schedule.objects.get().pk}/edit/"
    assert client.post(edit, {"name": "Nights", "zone": "UTC", "owner": "", "team": ""}).status_code == 302
    assert (Schedule.objects.get().team, Schedule.objects.get().owner) == (None, None)


def test_the_parts_of_a_status_page_that_matter_are_chosen(client: Client, cast: Cast) -> None:
    add_provider(name="CardGate", by=actor_of(cast.ada), now=SUNDAY)
    sent = {"name": "CardGate", "status_url": "https://status.example", "status_parts": "Card payments\r\nPayouts"}
    assert client.post("/flows/providers/cardgate/facts/", sent).status_code == 302
    assert Provider.objects.get().status_parts.split() == ["Card", "payments", "Payouts"]
    page = client.get("/flows/providers/cardgate/").content.decode()
    assert "of it only: Card payments, Payouts" in page
    assert opened(client.get("/flows/providers/cardgate/facts/").content.decode()) == ["Where it says how it is"]
