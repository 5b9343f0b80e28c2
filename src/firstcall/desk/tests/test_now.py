"""Now says one true sentence, and what is open, late, waiting and failing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.template import Context
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstcall.desk.templatetags.desk import hole_url
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.report import Report
from firstcall.detect.models.source import Source
from firstcall.kernel import clock
from firstcall.kernel.say import say
from firstcall.learn.commands.postmortem import draft_postmortem
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.holes.hole import Hole
from firstcall.respond.commands.escalation import run_step, start_escalation
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.need import ask_need
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.incident import Incident
from tests.cast import make_cast
from tests.friday import MINUTE, NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
BOUND = 60  # statements of the whole page with two incidents open


def test_it_says_what_is_down_who_leads_and_what_comes_next(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    text = client.get("/").content.decode()
    for words in ("Card payments fail", "You lead.", "Open the room", "Failing", "Investigating"):
        assert words in text
    client.force_login(friday.cast.cleo)
    assert "Ada leads." in client.get("/").content.decode()
    client.force_login(friday.cast.eve)
    for change, words in (
        ({}, "The word to Team is late, it was due 23:11"),
        ({"severity": 1}, "Your next word is late, it was due 23:0"),
        ({"severity": 1, "opened_at": NOW, "accepted_at": NOW}, "You hear again by 23:22"),
    ):
        Incident.objects.update(**change)
        assert f"Ada leads. {words}" in re.sub(r"<[^>]+>", "", client.get("/").content.decode())


def test_what_only_somebody_else_can_mend_is_a_link_for_admins(friday: Friday) -> None:
    ben = friday.cast.ben
    hole = Hole("way:2", "people", say("Ben can't be paged."), None, "person", str(ben.pk), say("Ask Ben"), 0, 0)
    urls = [str(hole_url(Context({"user": one}), hole)) for one in (friday.cast.ada, ben, friday.cast.eve)]
    assert urls == [f"/people/{ben.pk}/", "/profile/", ""]


def test_what_wants_me_in_another_room_than_the_gravest_opens_that_room(client: Client, friday: Friday) -> None:
    """The gravest is named first; the button leads where one is asked."""
    ada = actor_of(friday.cast.ada)
    other = open_incident(
        title="Reports wait", flow=None, severity=4, symptom="", impact_started_at=None, by=ada, now=NOW
    )
    client.force_login(friday.cast.ben)
    text = client.get("/").content.decode()
    assert "Card payments fail" in text
    assert f'<a class="btn btn-main" href="/incidents/{other.pk}/">Open {other.reference}</a>' in text
    assert f'<a class="btn" href="/incidents/{friday.incident.pk}/">Open {friday.incident.reference}</a>' in text
    assert f"{other.reference}: {other.reference}" not in text


def test_the_region_comes_alone(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    text = client.get("/", {"region": "now"}).content.decode()
    assert 'data-region="now"' in text
    assert "<html" not in text
    assert client.get("/", {"region": "x"}).status_code == 404


def test_without_anything_registered_it_says_where_to_begin(client: Client) -> None:
    cast = make_cast()
    client.force_login(cast.ada)
    text = client.get("/").content.decode()
    assert "Nothing is registered yet." in text
    assert "Register the first flow" in text


def states(client: Client) -> dict[str, str]:
    """What Now says of each flow."""
    rows = re.findall(
        r'<th scope="row"><a href="[^"]+">([\w ]+)</a><br>.*?</svg>([\w ]+)<', client.get("/").content.decode()
    )
    return dict(rows)


def test_green_is_only_for_what_is_known_to_be_well(client: Client, friday: Friday) -> None:
    """One source that speaks turns no flow green but those it tells of."""
    Flow.objects.create(slug="sign-in", name="Sign in", criticality="critical")
    reports = Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    reporting = Component.objects.create(slug="reporting", name="Reporting")
    Dependency.objects.create(flow=reports, component=reporting)
    payments = Component.objects.get(slug="payments")
    Dependency.objects.create(flow=friday.flow, component=payments)
    friday.group.closed_at = NOW
    friday.group.save()
    Alert.objects.update(ended_at=NOW)
    change_state(incident=friday.incident, state="resolved", by=actor_of(friday.cast.ada), now=NOW)
    client.force_login(friday.cast.ada)
    assert states(client) == {"Checkout": "Well", "Sign in": "Not watched", "Reports": "Not watched"}
    text = client.get("/").content.decode()
    assert "Not every flow is watched" in text
    assert 'href="/flows/sign-in/"' in text
    assert "No alert could tell us: the map does not say what it needs." in text
    Source.objects.update(last_heard_at=NOW - dt.timedelta(days=7))
    assert states(client)["Checkout"] == "Not watched"


def test_after_the_evening_all_flows_are_well(client: Client, friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    Dependency.objects.create(flow=friday.flow, component=Component.objects.get(slug="payments"))
    friday.group.closed_at = NOW
    friday.group.save()
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW)
    client.force_login(friday.cast.ada)
    assert "All flows are well, as far as their alerts tell." in client.get("/").content.decode()


def test_what_fires_after_resolved_is_not_hidden(client: Client, friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    change_state(incident=friday.incident, state="resolved", by=by, now=NOW, reason="it lags", all_the_same=True)
    client.force_login(friday.cast.ada)
    text = client.get("/").content.decode()
    assert "No incident is open, but alerts fire." in text
    assert "Card payments fail fires, though it was said to be over at" in text


def test_what_is_late_has_its_verb(client: Client, friday: Friday) -> None:
    friday.cast.dana.phone = "+49 000 104"
    friday.cast.dana.save()
    ask_need(
        incident=friday.incident, what="production read access", asked_by=friday.cast.ben, with_whom=friday.cast.dana,
        by=actor_of(friday.cast.ben), now=NOW - 7 * MINUTE,
    )  # fmt: skip
    client.force_login(friday.cast.ada)
    text = client.get("/").content.decode()
    assert "Ben waits for: production read access." in text
    assert "2 min late" in text
    assert 'href="tel:+49 000 104"' in text


def test_nobody_answered_is_loud(client: Client, friday: Friday) -> None:
    run = start_escalation(
        incident=friday.incident, by=actor_of(friday.cast.ada), now=NOW, plan={"path": "Night", "steps": []}
    )
    assert run is not None
    run_step(escalation_id=run.pk, step=0, now=NOW)
    client.force_login(friday.cast.cleo)
    text = client.get("/").content.decode()
    assert f"Nobody answered for {friday.incident.reference}" in text


def test_a_report_without_an_incident_waits_for_a_person(client: Client, friday: Friday) -> None:
    Report.objects.create(seen="Refunds hang", who="Harbour Grill", at=NOW - MINUTE)
    client.force_login(friday.cast.ada)
    text = client.get("/").content.decode()
    assert "Refunds hang" in text
    assert f"/declare/?report={Report.objects.get().pk}" in text


def test_a_stakeholder_sees_the_sentence_the_flows_and_where_to_follow(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.dana)
    text = client.get("/").content.decode()
    assert "Card payments fail" in text
    assert "Follow this" in text
    for words in ("Pages, mails and clocks", "Waits for the morning", "Declare an incident"):
        assert words not in text


def test_statements_are_bounded(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.ada)
    client.get("/")
    for n in range(30):
        open_incident(
            title=f"Trouble {n}", flow=None, severity=3, symptom="", impact_started_at=None,
            by=actor_of(friday.cast.ada), now=NOW, accepted=True,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) <= BOUND


def test_a_draft_that_is_late_stands_among_what_is_late(client: Client, friday: Friday) -> None:
    ada, incident = friday.cast.ada, friday.incident
    change_severity(incident=incident, severity=1, reason="It stopped for all", by=actor_of(ada), now=NOW)
    change_state(incident=incident, state="resolved", by=actor_of(ada), now=NOW, all_the_same=True, reason="Seen")
    client.force_login(ada)
    line, hour = f"{incident.reference} has no draft of its postmortem.", 60 * MINUTE
    for moment, is_late in ((NOW + 48 * hour, False), (NOW + 49 * hour, True)):
        with clock.read_from(lambda at=moment: at):  # type: ignore[misc]
            assert (line in client.get("/").content.decode()) is is_late
    draft_postmortem(incident=incident, by=actor_of(ada), now=NOW)
    with clock.read_from(lambda: NOW + 49 * hour):
        assert line not in client.get("/").content.decode()
