"""A paging group opens or joins an incident and wakes its path; recovery and reports find their room."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job
from firstcall.detect.models.alert import Alert, Heard
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.models.source import Source
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.respond.commands.incident import accept_incident, change_state, decline_incident
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(cast: Cast) -> Flow:
    path = EscalationPath.objects.create(name="Night")
    EscalationStep.objects.create(path=path, order=0, wait_minutes=5, user=cast.ben)
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)


def make_group(flow: Flow | None, *, key: str = "component:1", severity: str = "critical", raw: str = "") -> AlertGroup:
    source, _made = Source.objects.get_or_create(
        name="Prometheus", defaults={"kind": "alertmanager", "created_at": NOW, "last_heard_at": NOW}
    )
    group = AlertGroup.objects.create(
        key=key, title="Card payments fail", flow=flow, verdict="page", reason="Paged, because Checkout is critical.",
        opened_at=NOW, last_at=NOW, count=1,
    )  # fmt: skip
    alert = Alert.objects.create(
        source=source, dedup_key=key, group=group, title="Card payments fail", severity=severity, raw=raw,
        annotations={"description": "CG-504 authorisation timed out"}, started_at=NOW - 2 * MINUTE, first_at=NOW,
        verdict="page", reason="x",
    )  # fmt: skip
    Heard.objects.create(alert=alert, last_at=NOW)
    return group


def react(kind: str, **payload: int) -> None:
    store = JOB_KINDS[kind].store
    assert store is not None
    store(Job(kind=kind, payload=payload), now=NOW)


def told(incident: Incident) -> list[str]:
    return [entry.kind for entry in reversed(entries_of(incident))]


def test_it_opens_in_triage_from_the_facts_and_wakes_the_path(flow: Flow) -> None:
    group = make_group(flow)
    for _ in range(2):
        react("reactions.group_paged", group=group.pk)
    incident = Incident.objects.get()
    assert (incident.state, incident.title, incident.flow, incident.severity) == (
        "triage", "Card payments fail", flow, 2,
    )  # fmt: skip
    assert (incident.error, incident.impact_started_at, incident.reason) == (
        "CG-504 authorisation timed out", NOW - 2 * MINUTE, "Paged, because Checkout is critical.",
    )  # fmt: skip
    group.refresh_from_db()
    assert group.incident == incident.pk
    assert Escalation.objects.get().plan["path"] == "Night"


def test_a_second_sick_part_of_the_same_flow_joins_and_wakes_nobody_more(flow: Flow) -> None:
    for key in ("component:1", "component:2"):
        react("reactions.group_paged", group=make_group(flow, key=key).pk)
    incident = Incident.objects.get()
    assert told(incident) == ["incident.opened", "escalation.started", "alert.joined_incident"]
    assert Escalation.objects.count() == 1


def test_what_was_resolved_opens_a_new_one(cast: Cast, flow: Flow) -> None:
    by = actor_of(cast.ada)
    react("reactions.group_paged", group=make_group(flow).pk)
    first = Incident.objects.get()
    accept_incident(incident=first, by=by, now=NOW)
    change_state(incident=first, state="resolved", by=by, now=NOW, reason="it lags", all_the_same=True)
    react("reactions.group_paged", group=make_group(flow, key="component:2").pk)
    assert Incident.objects.count() == 2


def test_groups_of_an_unknown_flow_never_join_by_guess() -> None:
    make_cast()
    for key in ("a", "b"):
        react("reactions.group_paged", group=make_group(None, key=key).pk)
    assert Incident.objects.count() == 2


def test_without_a_path_all_admins_are_told(cast: Cast) -> None:
    react("reactions.group_paged", group=make_group(None, raw="<not json>").pk)
    incident = Incident.objects.get()
    assert incident.error == "<not json>"
    run = Escalation.objects.get()
    assert run.plan["steps"] == []
    react("respond.escalation_step", escalation=run.pk, step=0)
    run.refresh_from_db()
    assert (run.state, [page.user for page in run.pages.all()]) == ("exhausted", [cast.ada])


def test_recovery_is_told_when_all_is_quiet_and_resolves_nothing(flow: Flow) -> None:
    first, second = make_group(flow, key="component:1"), make_group(flow, key="component:2")
    for group in (first, second):
        react("reactions.group_paged", group=group.pk)
    AlertGroup.objects.filter(pk=first.pk).update(closed_at=NOW)
    react("reactions.group_recovered", group=first.pk)
    assert Incident.objects.get().recovered_at is None
    AlertGroup.objects.filter(pk=second.pk).update(closed_at=NOW)
    react("reactions.group_recovered", group=second.pk)
    incident = Incident.objects.get()
    assert (incident.recovered_at, incident.state) == (NOW, "triage")
    assert told(incident)[-1] == "incident.recovered"


def test_what_still_fires_after_the_end_is_said(cast: Cast, flow: Flow) -> None:
    react("reactions.group_paged", group=make_group(flow).pk)
    incident = Incident.objects.get()
    decline_incident(incident=incident, by=actor_of(cast.ada), now=NOW, reason="a test")
    assert told(incident)[-3:] == ["incident.declined", "incident.still_firing", "escalation.ended"]


def test_a_report_finds_the_room_of_its_flow(cast: Cast, flow: Flow) -> None:
    react("reactions.group_paged", group=make_group(flow).pk)
    incident = Incident.objects.get()
    known = Report.objects.create(flow=flow, seen="cards are refused", by=cast.cleo, at=NOW)
    unknown = Report.objects.create(seen="it is slow", by=cast.cleo, at=NOW)
    for report in (known, unknown):
        react("reactions.report_filed", report=report.pk)
        report.refresh_from_db()
    assert (known.incident, unknown.incident) == (incident.pk, None)
    assert told(incident)[-1] == "report.filed"
