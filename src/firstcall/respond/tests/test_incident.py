"""An incident opens, is accepted or declined, moves and goes back; a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.report import file_report
from firstcall.detect.models.report import Report
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.respond.commands.incident import (
    accept_incident,
    change_state,
    decline_incident,
    describe_incident,
    note_alerts,
    note_finding,
    note_recovery,
    open_incident,
    restrict_incident,
)
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.incident import incident_for, open_incidents, past_incidents
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def opened(**change: Any) -> Incident:
    facts: dict[str, Any] = {
        "title": "Card payments fail",
        "flow": None,
        "severity": 2,
        "symptom": "Transactions fail",
        "impact_started_at": NOW - 2 * MINUTE,
        "by": MACHINE,
        "now": NOW,
    }
    return open_incident(**{**facts, **change})


def told(incident: Incident) -> list[str]:
    return [entry.kind for entry in reversed(entries_of(incident))]


def test_it_opens_in_triage_and_is_told() -> None:
    incident = opened()
    assert (incident.state, incident.reference, incident.accepted_at) == ("triage", f"INC-{incident.pk}", None)
    entry = Entry.objects.get()
    assert (entry.kind, entry.incident, entry.facts.data["severity"]) == ("incident.opened", incident.pk, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"severity": 0}, "severity"),
        ({"severity": 5}, "severity"),
        ({"impact_started_at": NOW + MINUTE}, "since"),
    ],
)
def test_what_makes_no_sense_opens_nothing(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        opened(**change)
    assert refusal.value.field == field
    assert (Incident.objects.count(), Entry.objects.count()) == (0, 0)


def test_accepting_twice_is_accepting_once(cast: Cast) -> None:
    incident = opened()
    first = accept_incident(incident=incident, by=actor_of(cast.ada), now=NOW + MINUTE)
    second = accept_incident(incident=incident, by=actor_of(cast.ben), now=NOW + 2 * MINUTE)
    assert (first.state, second.accepted_at) == ("investigating", NOW + MINUTE)
    assert told(incident) == ["incident.opened", "incident.accepted"]


def test_declining_needs_a_reason_and_closes(cast: Cast) -> None:
    incident = opened()
    with pytest.raises(Refused):
        decline_incident(incident=incident, by=actor_of(cast.ada), now=NOW, reason=" ")
    assert told(incident) == ["incident.opened"]
    row = decline_incident(incident=incident, by=actor_of(cast.ada), now=NOW, reason="a test run")
    assert (row.state, row.closed_at) == ("closed", NOW)
    assert not Job.objects.exists()


def test_it_is_resolved_closed_and_opened_again(cast: Cast) -> None:
    by = actor_of(cast.ada)
    incident = opened(accepted=True)
    for state in ("identified", "monitoring", "resolved"):
        change_state(incident=incident, state=state, by=by, now=NOW)
    row = change_state(incident=incident, state="closed", by=by, now=NOW + MINUTE)
    assert (row.resolved_at, row.closed_at) == (NOW, NOW + MINUTE)
    again = change_state(incident=incident, state="investigating", by=by, now=NOW + 2 * MINUTE, reason="it is back")
    assert (again.state, again.resolved_at, again.closed_at) == ("investigating", None, None)
    assert told(incident)[1:] == [
        "incident.state_changed",
        "incident.state_changed",
        "incident.resolved",
        "incident.state_changed",
        "incident.reopened",
    ]
    assert [(job.kind, job.due) for job in Job.objects.all()] == [("reactions.still_firing", NOW + 10 * MINUTE)]


def test_going_back_without_a_reason_changes_nothing(cast: Cast) -> None:
    incident = opened(accepted=True)
    change_state(incident=incident, state="identified", by=actor_of(cast.ada), now=NOW)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        change_state(incident=incident, state="investigating", by=actor_of(cast.ada), now=NOW)
    incident.refresh_from_db()
    assert (refusal.value.field, incident.state, Entry.objects.count()) == ("reason", "identified", before)


def test_raising_the_severity_wakes_the_path_once(cast: Cast) -> None:
    path = EscalationPath.objects.create(name="Night")
    EscalationStep.objects.create(path=path, order=0, wait_minutes=5, user=cast.ben)
    flow = Flow.objects.create(slug="checkout", name="Checkout", path=path)
    incident = opened(severity=4, flow=flow, accepted=True)
    row = change_severity(incident=incident, severity=1, by=actor_of(cast.ada), now=NOW, reason="many more")
    assert (row.severity, row.severity_reason) == (1, "many more")
    assert row.escalations.count() == 1
    change_severity(incident=incident, severity=2, by=actor_of(cast.ada), now=NOW, reason="fewer")
    change_severity(incident=incident, severity=1, by=actor_of(cast.ada), now=NOW, reason="more")
    assert row.escalations.count() == 1
    with pytest.raises(Refused):
        change_severity(incident=incident, severity=3, by=actor_of(cast.ada), now=NOW, reason="")


def test_what_is_known_is_told_once(cast: Cast) -> None:
    incident = opened()
    by = actor_of(cast.ben)
    describe_incident(incident=incident, by=by, now=NOW, error="CG-504", symptom="Transactions fail")
    describe_incident(incident=incident, by=by, now=NOW, error="CG-504")
    assert told(incident) == ["incident.opened", "incident.described"]
    assert Entry.objects.get(kind="incident.described").facts.data["what"] == "the error: CG-504"
    with pytest.raises(Refused):
        describe_incident(incident=incident, by=by, now=NOW, impact_started_at=NOW + MINUTE)


def test_a_finding_that_says_nothing_is_refused(cast: Cast) -> None:
    incident = opened()
    with pytest.raises(Refused):
        note_finding(incident=incident, what=" ", by=actor_of(cast.ben), now=NOW)
    note_finding(incident=incident, what="Only EU-2 fails.", by=actor_of(cast.ben), now=NOW)
    assert told(incident) == ["incident.opened", "finding.noted"]


def test_quiet_signals_resolve_nothing_and_may_come_back() -> None:
    incident = opened(accepted=True)
    quiet = note_recovery(incident=incident, what="Card payments fail", by=MACHINE, now=NOW + MINUTE)
    note_recovery(incident=incident, what="Card payments fail", by=MACHINE, now=NOW + 2 * MINUTE)
    assert (quiet.state, quiet.recovered_at) == ("investigating", NOW + MINUTE)
    back = note_alerts(incident=incident, what="Card payments fail", by=MACHINE, now=NOW + 3 * MINUTE)
    assert back.recovered_at is None
    assert told(incident)[1:] == ["incident.recovered", "incident.broke_again"]


def test_restricted_is_hidden_from_all_but_the_named_and_admins(cast: Cast) -> None:
    incident = opened()
    restrict_incident(incident=incident, restricted=True, named=[cast.ben], by=actor_of(cast.ada), now=NOW)
    assert [bool(open_incidents(viewer=person)) for person in (cast.ada, cast.ben, cast.eve)] == [True, True, False]
    assert incident_for(viewer=cast.ben, number=incident.pk) == incident
    for number in (incident.pk, incident.pk + 1):
        with pytest.raises(Gone, match="There is no such incident"):
            incident_for(viewer=cast.eve, number=number)
    decline_incident(incident=incident, by=actor_of(cast.ada), now=NOW, reason="a test")
    assert [len(past_incidents(viewer=person)) for person in (cast.ada, cast.ben, cast.eve)] == [1, 1, 0]


@pytest.mark.parametrize(("change", "joined"), [({}, 1), ({"restricted": True}, 0), ({"practice": True}, 0)])
def test_what_customers_reported_just_before_belongs_to_it(cast: Cast, change: dict[str, Any], joined: int) -> None:
    flow, other = (
        Flow.objects.create(slug=name, name=name, criticality="critical") for name in ("checkout", "refunds")
    )
    for hit, at in ((flow, NOW - 2 * MINUTE), (other, NOW - 2 * MINUTE), (flow, NOW - 361 * MINUTE)):
        file_report(flow=hit, symptom="transactions", seen="Declined.", by=actor_of(cast.cleo), now=at)
    incident = opened(flow=flow, **change)
    assert Report.objects.filter(incident=incident.pk).count() == joined
    assert entries_of(incident).filter(kind="report.filed").count() == joined
