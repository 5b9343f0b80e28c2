"""The API does what the pages do, and refuses in one shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.source import Source
from firstcall.inform.commands.status_page import make_page
from firstcall.journal.commands.entry import number_entries
from firstcall.kernel import clock
from firstcall.people.commands.token import make_token
from firstcall.people.models.token import Token
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.incident import open_incident, restrict_incident
from firstcall.respond.models.incident import Incident
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class Program:
    """A script that holds somebody's token."""

    def __init__(self, person: User) -> None:
        _row, secret = make_token(person=person, name="x", scope="act", days=30, by=actor_of(person), now=clock.now())
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=self.headers)


@pytest.fixture
def ada(cast: Cast) -> Program:
    return Program(cast.ada)


def room(cast: Cast, title: str = "Cards fail") -> Incident:
    return open_incident(
        title=title, flow=None, severity=2, symptom="", impact_started_at=None, by=actor_of(cast.ada), now=NOW,
        accepted=True,
    )  # fmt: skip


def make_firing(number: int) -> None:
    source = Source.objects.create(name="Prometheus", kind="alertmanager", created_at=NOW)
    group = AlertGroup.objects.create(
        key="k", title="Cards fail", verdict="page", reason="x", opened_at=NOW, last_at=NOW, incident=number
    )
    Alert.objects.create(
        source=source, dedup_key="a", group=group, title="Cards fail", severity="critical", started_at=NOW,
        first_at=NOW, verdict="page", reason="x",
    )  # fmt: skip


def test_when_people_were_hit_by_program(ada: Program, cast: Cast) -> None:
    row = room(cast)
    Incident.objects.filter(pk=row.pk).update(state="resolved", resolved_at=NOW + 10 * MINUTE)
    at, back = f"/incidents/{row.pk}", (NOW + 40 * MINUTE).isoformat()
    with clock.read_from(lambda: NOW + 60 * MINUTE):
        again = ada.post(f"{at}/state", {"state": "investigating", "reason": "it is back", "back": back}).json()
    spans = [(one["since"], one["until"]) for one in again["impact"]]
    assert spans == [("2026-11-20T22:12:00Z", "2026-11-20T22:22:00Z"), ("2026-11-20T22:52:00Z", None)]
    assert again["impact_minutes"] == 30


def test_an_evening_by_program(ada: Program, cast: Cast) -> None:
    Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", cost_per_hour=6200)
    make_page(name="Tillhouse", parts=[("Checkout", Flow.objects.get())], by=actor_of(cast.ada), now=NOW)
    made = ada.post(
        "/incidents",
        {"title": "Cards fail", "severity": 1, "flow": "checkout", "impact_started_at": "2026-11-20T22:54:00+01:00"},
    )
    assert made.status_code == 201
    number = made.json()["number"]
    assert (made.json()["reference"], made.json()["flow"]) == (f"INC-{number}", "checkout")
    assert made.json()["impact_started_at"] == "2026-11-20T21:54:00Z"
    at = f"/incidents/{number}"
    assert ada.post(f"{at}/roles", {"role": "owner"}).status_code == 204
    need = ada.post(f"{at}/needs", {"what": "read access", "with_whom": cast.ben.pk}).json()
    assert (need["asked_by"]["name"], need["with_whom"]["name"], need["met_at"]) == ("Ada", "Ben", None)
    assert ada.post(f"{at}/needs/{need['id']}/met", {}).json()["met_at"] is not None
    decided = ada.post(
        f"{at}/decisions",
        {"question": "Switch?", "options": [{"title": "Yes"}, {"title": "No"}], "chosen": 0, "why": "No data at risk."},
    )
    assert (decided.status_code, decided.json()["chosen"]) == (201, 0)
    told = ada.post(f"{at}/updates", {"texts": {"public": "Cards fail for some shops. We are on it."}, "seen": 0})
    assert (told.status_code, told.json()[0]["audience"], told.json()[0]["number"]) == (201, "public", 1)
    assert ada.post(f"{at}/notes", {"what": "It is route EU-2."}).status_code == 204
    assert ada.post(f"{at}/severity", {"severity": 2, "reason": "few are hit"}).json()["severity"] == 2
    make_firing(number)
    refused = ada.post(f"{at}/state", {"state": "resolved", "reason": "clean"})
    assert (refused.status_code, refused.json()["field"]) == (422, "all_the_same")
    assert ada.get(at).json()["state"] == "investigating"
    over = {"state": "resolved", "reason": "clean", "all_the_same": True}
    assert ada.post(f"{at}/state", over).json()["state"] == "resolved"
    closed = ada.post(f"{at}/state", {"state": "closed"})
    untold = "Not told yet that it works again: customers."
    advice = "Tell them first, or say that you close it all the same."
    assert closed.json() == {"message": f"{untold} {advice}", "field": "all_the_same"}
    assert (closed.status_code, ada.get(at).json()["closed_at"]) == (422, None)
    assert ada.post(f"{at}/state", {"state": "closed", "all_the_same": True}).json()["state"] == "closed"
    number_entries()  # where the worker does it
    lines = ada.get(f"{at}/timeline").json()
    positions = [line["position"] for line in lines]
    assert positions == sorted(positions, reverse=True)
    assert {"decision.made", "need.met", "update.published"} <= {line["kind"] for line in lines}
    assert ada.get(f"{at}/timeline?before={positions[0]}&at_most=1").json() == [lines[1]]
    assert [one["number"] for one in ada.get("/incidents?which=past").json()] == [number]
    assert ada.get("/incidents").json() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "Cards fail"}, "severity"),
        ({"title": "Cards fail", "severity": 5}, "severity"),
        ({"title": "Cards fail", "severity": "high"}, "severity"),
        ({"title": "x" * 161, "severity": 1}, "title"),
        ({"title": "a\x00b", "severity": 1}, "title"),
        ({"title": " ", "severity": 1}, "title"),
        ({"title": "Cards fail", "severity": 1, "flow": "nothing"}, "flow"),
        ({"title": "Cards fail", "severity": 1, "sevrity": 1}, "sevrity"),
        ({"title": "Cards fail", "severity": 1, "impact_started_at": "2026-11-20T22:54:00"}, "impact_started_at"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_happens(ada: Program, body: dict[str, Any], field: str) -> None:
    answer = ada.post("/incidents", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["message"]
    assert Incident.objects.count() == 0


def test_what_is_no_json_and_what_is_not_there(ada: Program) -> None:
    assert ada.post("/incidents", "{").status_code == 400
    assert ada.post("/incidents", "[1]").status_code == 422
    for number in ("1", "9" * 30):
        assert ada.get(f"/incidents/{number}").status_code == 404
    assert ada.get("/incidents/-1").status_code == 404
    assert ada.get("/nothing").status_code == 404


def test_a_decision_refused_half_way_leaves_nothing(ada: Program, cast: Cast) -> None:
    number = room(cast).pk
    body = {"question": "Switch?", "options": [{"title": "Yes"}, {"title": "No"}], "chosen": 7, "why": "so"}
    assert ada.post(f"/incidents/{number}/decisions", body).status_code == 422
    assert Incident.objects.get().decisions.count() == 0


def test_what_is_restricted_is_not_there_for_others(cast: Cast) -> None:
    incident = room(cast)
    restrict_incident(incident=incident, restricted=True, named=[cast.ben], by=actor_of(cast.ada), now=NOW)
    ben, cleo = Program(cast.ben), Program(cast.cleo)
    assert ben.get(f"/incidents/{incident.pk}").status_code == 200
    assert cleo.get("/incidents").json() == []
    for tail in ("", "/timeline", "/updates"):
        assert cleo.get(f"/incidents/{incident.pk}{tail}").status_code == 404


def test_lists_ask_as_often_however_long_they_are(
    ada: Program, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        room(cast, f"Cards fail {n}")
        Flow.objects.create(slug=f"f{n}", name=f"Flow {n}", criticality="minor", owner=cast.ben)
    for path in ("/incidents", "/flows", "/people", "/oncall", "/alerts", "/actions", "/pages"):
        with django_assert_max_num_queries(12):
            assert ada.get(path).status_code == 200


def test_a_use_is_noted_once_an_hour(ada: Program) -> None:
    ada.get("/me")
    first = Token.objects.get().used_at
    assert first is not None
    assert ada.get("/me").json()["email"] == "ada@example.com"
    assert Token.objects.get().used_at == first


def test_tokens_are_made_and_ended_on_the_own_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    refused = client.post("/profile/tokens/", {"name": " ", "scope": "read", "days": "30"})
    assert refused.status_code == 422
    made = client.post("/profile/tokens/", {"name": "deploy", "scope": "read", "days": "30"})
    secret = made.content.decode().split('id="token-text">')[1].split("<")[0]
    assert secret.startswith("fct_")
    assert secret not in client.get("/profile/tokens/").content.decode()
    token = Token.objects.get()
    client.force_login(cast.ben)
    assert client.post(f"/profile/tokens/{token.pk}/end/").status_code == 404
    client.force_login(cast.ada)
    assert client.post(f"/profile/tokens/{token.pk}/end/").status_code == 302
    token.refresh_from_db()
    assert token.ended_at is not None
    assert (token.hint, Access(cast.ada.access)) == (f"…{secret[-4:]}", Access.ADMIN)


def test_a_change_is_noted_by_program_once(ada: Program) -> None:
    body = {"title": "Payments 4.2", "key": "ci-812"}
    first, again = ada.post("/changes", body), ada.post("/changes", body)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert [(one["title"], one["said_by"]) for one in ada.get("/changes").json()] == [("Payments 4.2", "Ada")]
    refused = ada.post("/changes", {"title": "x", "component": "nobody"})
    assert (refused.status_code, len(ada.get("/changes").json())) == (422, 1)
