"""A game day is a real room that no customer sees and no figure counts."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.test import Client

from firstcall.desk.drill import stored_walk
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.queries.reach import pages_of
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Finding
from firstcall.learn.queries.evidence import cases
from firstcall.learn.queries.readiness import readiness_now
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.drill import walk_of
from firstcall.respond.commands.first_step import tick_first_step
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
MINUTE = dt.timedelta(minutes=1)
SENT = {"flow": "checkout", "day": "2026-11-20", "pretend": "Cards are declined"}


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
    flow = Flow.objects.get()
    Flow.objects.update(first_steps="Look at the gate")
    began = client.post(address, {"act": "begin"})
    incident = Incident.objects.get()
    assert began.headers["Location"] == f"/incidents/{incident.pk}/"
    assert (incident.practice, incident.title, incident.escalations.count()) == (True, "Cards are declined", 0)
    assert RoleHolding.objects.get(incident=incident).user == cast.ben
    room = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert "Practice: no customer sees this." in room
    assert f'<a class="tap" href="{address}">End the game day</a>' in room
    assert (pages_of(incident), cases(viewer=cast.ada, now=NOW)) == ([], [])
    client.post(address, {"act": "begin"})
    assert Incident.objects.count() == 1  # beginning twice opens no second room
    with clock.read_from(lambda: NOW + 25 * MINUTE):
        client.force_login(cast.ada)
        client.post(address, {"act": "finish", "findings": " Nobody knew the number \n\n", "tried": f"flow:{flow.pk}"})
    page = client.get(address).content.decode()
    assert "It lasted 25 minutes. Ben led." in page and "Nobody knew the number" in page
    assert Flow.objects.get().first_steps_tried == NOW.date()
    assert "drill:checkout" not in keys()
    kinds = Entry.objects.filter(kind__startswith="drill.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["drill.planned", "drill.done"]


def test_the_report_says_how_long_each_first_step_took_and_which_nobody_ticked(client: Client, cast: Cast) -> None:
    flow = Flow.objects.get()
    part = Component.objects.create(slug="payments", name="Payments", first_steps="Restart it\nRead its log")
    gate = Provider.objects.create(slug="gate", name="CardGate", first_steps="Ring them")
    Dependency.objects.create(flow=flow, component=part)
    Dependency.objects.create(flow=flow, provider=gate)
    client.force_login(cast.ada)
    client.post("/ready/drills/", {**SENT, "leader": str(cast.ben.pk)})
    drill = Drill.objects.get()
    address, ben = f"/ready/drills/{drill.pk}/", actor_of(cast.ben)
    client.post(address, {"act": "begin"})
    incident = Incident.objects.get()
    for step, key, seconds in (("Ring them", f"provider:{gate.pk}", 250), ("Restart it", f"component:{part.pk}", 40)):
        tick_first_step(
            incident=incident, part=key, step=step, by=ben, now=NOW + dt.timedelta(seconds=seconds)
        )  # fmt: skip
    form = client.get(address).content.decode()
    assert f'value="provider:{gate.pk}" checked' in form
    assert f'value="component:{part.pk}">' in form  # one of its two steps is left
    client.post(address, {"act": "finish", "findings": "", "tried": [f"provider:{gate.pk}", "flow:99", "hat:1"]})
    drill.refresh_from_db()
    Component.objects.update(first_steps="Something else by now")
    walk = walk_of(stored_walk(drill), begun_at=NOW)
    took = [(one.walked.step, one.walked.who, one.since_start.seconds, one.since_before.seconds) for one in walk.paces]
    assert took == [("Restart it", "Ben", 40, 40), ("Ring them", "Ben", 250, 210)]
    assert [(one.name, one.step) for one in walk.left] == [("Payments", "Read its log")]
    page = client.get(address).content.decode()
    for words in ("Nobody ticked", "Read its log", "40 s", "4 min 10 s", "3 min 30 s"):
        assert words in page
    tried = [model.objects.values_list("first_steps_tried", flat=True).get() for model in (Provider, Component, Flow)]
    assert tried == [NOW.date(), None, None]
    incident.refresh_from_db()
    assert incident.state == "resolved"


def test_what_was_slow_becomes_an_action_with_an_owner_and_a_day(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    client.post("/ready/drills/", {**SENT, "leader": str(cast.ben.pk)})
    address = f"/ready/drills/{Drill.objects.get().pk}/"
    client.post(address, {"act": "begin"})
    sent = {
        "act": "action", "finding": "Nobody knew the number", "what": "Put it on the pocket sheet",
        "owner": str(cast.ben.pk), "due": "2026-12-04", "klass": "process",
    }  # fmt: skip
    early = client.post(address, sent, follow=True).content.decode()
    assert "Say first what was slow or wrong." in early
    client.post(address, {"act": "finish", "findings": "Nobody knew the number\nThe door was shut"})
    for change, sentence in (
        ({"owner": ""}, "what everybody owns, nobody does"),
        ({"due": ""}, "Give a day until which it is done."),
        ({"what": " "}, "Write what will be done."),
        ({"klass": "hat"}, "Choose where it belongs."),
        ({"finding": "Something else"}, "Say first what was slow or wrong."),
    ):
        answer = client.post(address, {**sent, **change}, follow=True)
        page = html.unescape(answer.content.decode())
        assert (sentence in page, Action.objects.count(), Finding.objects.count()) == (True, 0, 0)
        (field,) = change
        if field != "finding":  # said at its field, of this line alone, and what was typed is kept
            opened = page.count('<details class="full" open>')
            assert (answer.status_code, page.count("field-error"), opened) == (422, 1, 1)
            assert f'href="#id_1_{field}"' in page and page.count('value="2026-12-04"') == (field != "due")
    page = client.post(address, sent, follow=True).content.decode()
    row = Action.objects.get()
    assert (row.what, row.owner, row.due) == ("Put it on the pocket sheet", cast.ben, dt.date(2026, 12, 4))
    assert "Put it on the pocket sheet: Ben, until 4 December 2026" in page
    assert "Nothing follows from it yet." in page  # of the other line


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
    said, (field,) = page.content.decode(), change
    assert (page.status_code, said.count(sentence), Drill.objects.count()) == (422, 2, 0)  # above, and at its field
    assert (f'href="#id_{field}"' in said, said.count("field-error")) == (True, 1)


def test_what_has_not_begun_is_not_over(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    client.post("/ready/drills/", {**SENT, "leader": str(cast.ada.pk)})
    drill = Drill.objects.get()
    page = client.post(f"/ready/drills/{drill.pk}/", {"act": "finish"}, follow=True)
    drill.refresh_from_db()
    assert ("Begin it first." in page.content.decode(), drill.done_at) == (True, None)
