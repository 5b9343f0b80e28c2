"""Three things are enough to declare; the path is woken and the one who declares owns it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding
from tests.cast import Cast
from tests.friday import NOW, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


def test_it_opens_a_room_owned_and_woken(client: Client, cast: Cast) -> None:
    flow = make_group(cast).flow
    assert flow is not None
    client.force_login(cast.ben)
    assert "What do you see?" in client.get("/declare/").content.decode()
    sent = {"symptom": "transactions", "flow": flow.pk, "since": "22:54", "said_by": "Bakery Union"}
    answer = client.post("/declare/", sent)
    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.pk}/"
    assert (incident.title, incident.state, incident.severity, incident.said_by) == (
        "Checkout: transactions fail", "investigating", 2, "Bakery Union",
    )  # fmt: skip
    assert incident.reason == "Ben declared it; Bakery Union says so."
    assert incident.impact_started_at == dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)
    assert RoleHolding.objects.get().user == cast.ben
    assert incident.escalations.get().plan["path"] == "Night"


@pytest.mark.parametrize("sent", [{"title": " "}, {"title": "Slow", "since": "dawn"}])
def test_what_makes_no_sense_opens_nothing(client: Client, cast: Cast, sent: dict[str, str]) -> None:
    client.force_login(cast.ben)
    assert client.post("/declare/", sent).status_code == 422
    assert Incident.objects.count() == 0


def test_practice_wakes_nobody(client: Client, cast: Cast) -> None:
    make_group(cast)
    client.force_login(cast.ben)
    client.post("/declare/", {"title": "Drill", "practice": "yes"})
    incident = Incident.objects.get()
    assert (incident.practice, incident.escalations.count()) == (True, 0)


def test_who_may_only_read_declares_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.dana)
    assert client.post("/declare/", {"title": "Slow"}).status_code == 403
    assert Incident.objects.count() == 0
