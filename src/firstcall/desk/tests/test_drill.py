"""A game day is a real room that no customer sees and no figure counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.queries.reach import pages_of
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.learn.queries.evidence import cases
from firstcall.learn.queries.readiness import readiness_now
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SENT = {"flow": "checkout", "day": "2026-11-20", "pretend": "Cards are declined"}


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with clock.read_from(lambda: NOW):
        yield


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", owner=cast.ada)
    return cast


def keys() -> set[str]:
    return {hole.key for hole in readiness_now(now=NOW).holes}


def test_a_game_day_is_planned_held_and_written_down(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    StatusPage.objects.create(slug="shop", name="Shop", since=NOW)
    assert "drill:checkout" in keys()
    assert client.post("/ready/drills/", {**SENT, "leader": str(cast.ben.pk)}).status_code == 302
    drill = Drill.objects.get()
    address = f"/ready/drills/{drill.pk}/"
    assert "Nobody is woken." in client.get(address).content.decode()
    began = client.post(address, {"act": "begin"})
    incident = Incident.objects.get()
    assert began.headers["Location"] == f"/incidents/{incident.pk}/"
    assert (incident.practice, incident.title, incident.escalations.count()) == (True, "Cards are declined", 0)
    assert RoleHolding.objects.get(incident=incident).user == cast.ben
    assert "Practice: no customer sees this." in client.get(f"/incidents/{incident.pk}/").content.decode()
    assert (pages_of(incident), cases(viewer=cast.ada, now=NOW)) == ([], [])
    client.post(address, {"act": "begin"})
    assert Incident.objects.count() == 1  # beginning twice opens no second room
    with clock.read_from(lambda: NOW + 25 * MINUTE):
        client.force_login(cast.ada)
        client.post(address, {"act": "finish", "findings": " Nobody knew the number \n\n", "walked": "yes"})
    page = client.get(address).content.decode()
    assert "It lasted 25 minutes." in page and "Nobody knew the number" in page
    assert Flow.objects.get().first_steps_tried == NOW.date()
    assert "drill:checkout" not in keys()
    kinds = Entry.objects.filter(kind__startswith="drill.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["drill.planned", "drill.done"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"flow": "nothing"}, "Choose the flow that is said to break."),
        ({"day": "2026-99-99"}, "Choose a day."),
        ({"day": "2026-11-19"}, "Choose a day that is still to come."),
        ({"leader": "ada"}, "Choose who leads."),
        ({"pretend": "  "}, "Say what we pretend is broken."),
    ],
)
def test_what_is_refused_of_a_plan(client: Client, cast: Cast, change: dict[str, str], sentence: str) -> None:
    client.force_login(cast.ada)
    page = client.post("/ready/drills/", {**SENT, "leader": str(cast.ada.pk), **change})
    assert (page.status_code, sentence in page.content.decode(), Drill.objects.count()) == (422, True, 0)


def test_what_has_not_begun_is_not_over(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    client.post("/ready/drills/", {**SENT, "leader": str(cast.ada.pk)})
    drill = Drill.objects.get()
    page = client.post(f"/ready/drills/{drill.pk}/", {"act": "finish"}, follow=True)
    drill.refresh_from_db()
    assert ("Begin it first." in page.content.decode(), drill.done_at) == (True, None)
