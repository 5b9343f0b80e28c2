"""Lanes open once each, with their reason on the timeline, and only while what opens them is so."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import JOB_KINDS, Parcel
from firstcall.deliver.models.job import Job
from firstcall.detect.models.provider_status import ProviderStatus
from firstcall.detect.models.report import Report
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_dependency, add_provider
from firstcall.ready.commands.customer import add_customer
from firstcall.ready.commands.lane import add_lane
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.lane import Around
from firstcall.respond.commands.escalation import run_step, start_escalation, take_escalation
from firstcall.respond.commands.hit import name_hit
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.lane import run_lane
from firstcall.respond.commands.ring import note_rung
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.ring import Ring
from firstcall.respond.queries.lane import around
from firstcall.respond.queries.ring import open_rings
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def flow(cast: Cast) -> Flow:
    path = set_path(name="Night", steps=[Step(cast.ben, 30)], by=MACHINE, now=NOW)
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)


def begun(flow: Flow, severity: int) -> Escalation:
    incident = open_incident(
        title="Card payments fail", flow=flow, severity=severity, symptom="", impact_started_at=None, by=MACHINE,
        now=NOW,
    )  # fmt: skip
    run = start_escalation(incident=incident, by=MACHINE, now=NOW)
    assert run is not None
    run_step(escalation_id=run.pk, step=0, now=NOW)
    return run


def run_due(now: dt.datetime) -> None:
    for job in Job.objects.filter(kind="respond.lane", due__lte=now).order_by("due", "id"):
        run_lane(escalation_id=job.payload["escalation"], index=job.payload["lane"], now=now)


def opened() -> list[tuple[str, str, str]]:
    found = Entry.objects.filter(kind="lane.opened").select_related("facts").order_by("id")
    return [(one.facts.data["who"], one.facts.data["names"], one.facts.data["reason"]) for one in found]


def told() -> list[str]:
    return [job.payload["why"] for job in Job.objects.filter(kind="respond.told").order_by("id")]


def lane_path(flow: Flow) -> EscalationPath:
    assert flow.path is not None
    return flow.path


def test_the_founder_is_told_at_once_and_once(cast: Cast, flow: Flow) -> None:
    add_lane(path=lane_path(flow), kind="leadership", target=cast.dana, by=MACHINE, now=NOW)
    run = begun(flow, 1)
    take_escalation(escalation=run, user=cast.ben, by=actor_of(cast.ben), now=NOW)
    for minutes in (0, 1):
        run_due(NOW + minutes * MINUTE)
    assert opened() == [("Founder or CTO", "Dana", "it is SEV1")]
    assert told() == ["You are told because it is SEV1. You need not answer."]


def test_a_lighter_one_does_not_open_it_and_a_graver_severity_does(cast: Cast, flow: Flow) -> None:
    add_lane(path=lane_path(flow), kind="leadership", target=cast.dana, by=MACHINE, now=NOW)
    run = begun(flow, 2)
    run_due(NOW)
    assert opened() == []
    later = NOW + MINUTE
    change_severity(incident=run.incident, severity=1, by=actor_of(cast.ada), now=later, reason="It stopped for all")
    run_due(later)
    run_due(later)
    assert opened() == [("Founder or CTO", "Dana", "it is SEV1")]


def test_one_that_waits_opens_only_while_nobody_answers(cast: Cast, flow: Flow) -> None:
    add_lane(path=lane_path(flow), kind="support", target=cast.cleo, after_minutes=10, by=MACHINE, now=NOW)
    first = begun(flow, 1)
    run_due(NOW + 9 * MINUTE)
    assert opened() == []
    run_due(NOW + 10 * MINUTE)
    assert opened() == [("Support lead", "Cleo", "nobody has answered for 10 minutes")]
    second = begun(flow, 1)
    take_escalation(escalation=second, user=cast.ben, by=actor_of(cast.ben), now=NOW)
    run_due(NOW + 10 * MINUTE)
    assert first.pk != second.pk
    assert len(opened()) == 1


def test_severity_lowered_before_it_opens_leaves_it_shut(cast: Cast, flow: Flow) -> None:
    add_lane(path=lane_path(flow), kind="support", target=cast.cleo, after_minutes=10, by=MACHINE, now=NOW)
    run = begun(flow, 1)
    change_severity(incident=run.incident, severity=2, by=actor_of(cast.ada), now=NOW + MINUTE, reason="A way round")
    run_due(NOW + 10 * MINUTE)
    assert (opened(), told()) == ([], [])


def test_who_rings_the_provider_gets_its_number_and_contract(cast: Cast, flow: Flow) -> None:
    gate = add_provider(name="CardGate", support_contact="", phone="+49 30 5550 0200", by=MACHINE, now=NOW)
    gate.contract = "4471"
    gate.save()
    add_dependency(needs=flow, needed=gate, hard=True, by=MACHINE, now=NOW)
    add_lane(path=lane_path(flow), kind="vendor", target=cast.ada, by=MACHINE, now=NOW)
    begun(flow, 1)
    run_due(NOW)
    assert opened() == [("Provider", "Ada", "it is SEV1")]
    assert told() == ["Please ring CardGate, contract 4471, +49 30 5550 0200: it is SEV1."]


def test_an_edited_path_leaves_the_run_its_own_lanes(cast: Cast, flow: Flow) -> None:
    lane = add_lane(path=lane_path(flow), kind="leadership", target=cast.dana, by=MACHINE, now=NOW)
    begun(flow, 1)
    lane.delete()
    run_due(NOW)
    assert opened() == [("Founder or CTO", "Dana", "it is SEV1")]


def test_a_lane_waits_for_a_customer_with_a_contract(cast: Cast, flow: Flow) -> None:
    add_lane(
        path=lane_path(flow), kind="leadership", target=cast.dana, severity=2, when="contract", by=MACHINE, now=NOW
    )
    add_customer(name="Corner Shop", flows=[flow], contract=False, by=MACHINE, now=NOW)
    union = add_customer(name="Bakery Union", flows=[], contract=True, by=MACHINE, now=NOW)
    run = begun(flow, 2)
    run_due(NOW)
    assert opened() == []
    name_hit(incident=run.incident, shown=[union], hit=[union], others="", by=actor_of(cast.ada), now=NOW + MINUTE)
    run_due(NOW + MINUTE)
    run_due(NOW + MINUTE)
    assert opened() == [("Founder or CTO", "Dana", "Bakery Union, who has a contract, is hit")]


def test_who_uses_the_flow_is_hit_until_somebody_says_who_is(cast: Cast, flow: Flow) -> None:
    add_lane(
        path=lane_path(flow), kind="leadership", target=cast.dana, severity=2, when="contract", by=MACHINE, now=NOW
    )
    union = add_customer(name="Bakery Union", flows=[flow], contract=True, by=MACHINE, now=NOW)
    grill = add_customer(name="Harbour Grill", flows=[flow], contract=False, by=MACHINE, now=NOW)
    run = begun(flow, 2)
    assert around(run.incident, now=NOW) == Around("Bakery Union")
    name_hit(incident=run.incident, shown=[union, grill], hit=[grill], others="", by=actor_of(cast.ada), now=NOW)
    assert around(run.incident, now=NOW) == Around()
    Report.objects.create(incident=run.incident.pk, customer=union, at=NOW, seen="It fails")
    assert around(run.incident, now=NOW) == Around("Bakery Union")


def sick(flow: Flow, name: str, phone: str, contract: str = "") -> Provider:
    gate = add_provider(name=name, support_contact="", phone=phone, by=MACHINE, now=NOW)
    Provider.objects.filter(pk=gate.pk).update(contract=contract, status_url=f"https://{gate.slug}.example.com/feed")
    add_dependency(needs=flow, needed=gate, hard=True, by=MACHINE, now=NOW)
    return Provider.objects.get(pk=gate.pk)


def test_a_provider_that_says_it_is_unwell_has_somebody_ring_it(cast: Cast, flow: Flow) -> None:
    gate, _well = sick(flow, "CardGate", "+49 30 5550 0200", "4471"), sick(flow, "Paylane", "")
    add_lane(path=lane_path(flow), kind="vendor", target=cast.eve, severity=2, when="provider", by=MACHINE, now=NOW)
    run = begun(flow, 2)
    run_due(NOW)
    assert opened() == []
    later = NOW + MINUTE
    ProviderStatus.objects.create(
        provider=gate, asked_url=gate.status_url, state="down", since=later, read_at=later, asked_at=later,
        why={"text": "It says so.", "facts": {}}, next_at=later,
    )  # fmt: skip
    job = Job(kind="reactions.provider_said", payload={"provider": gate.pk, "state": "down", "why": "It says so."})
    JOB_KINDS[job.kind].store(job, now=later)  # type: ignore[misc]
    run_due(later)
    assert opened() == [("Provider", "Eve", "CardGate says that it is unwell")]
    assert told() == ["Please ring CardGate, contract 4471, +49 30 5550 0200: CardGate says that it is unwell."]
    (ring,) = Ring.objects.all()
    assert (ring.provider, ring.asked, ring.rung_at) == (gate, cast.eve, None)
    assert [one.pk for one in open_rings([run.incident_id], viewer=cast.eve)] == [ring.pk]
    for _twice in range(2):
        note_rung(ring=ring, by=actor_of(cast.eve), now=later)
    assert open_rings([run.incident_id], viewer=cast.eve) == []
    assert Entry.objects.filter(kind="provider.rung").count() == 1


def test_of_an_exercise_nobody_rings_in_earnest(cast: Cast, flow: Flow) -> None:
    sick(flow, "CardGate", "+49 30 5550 0200")
    add_lane(path=lane_path(flow), kind="vendor", target=cast.ada, by=MACHINE, now=NOW)
    run = begun(flow, 1)
    Incident.objects.filter(pk=run.incident_id).update(practice=True)
    run_due(NOW)
    assert told() == ["In earnest you would ring CardGate, +49 30 5550 0200: it is SEV1."]
    assert not Ring.objects.exists()
    job = Job.objects.get(kind="respond.told")
    mail = JOB_KINDS[job.kind].prepare(job, now=NOW)  # type: ignore[misc]
    assert isinstance(mail, Parcel)
    assert mail.subject == "PRACTICE. SEV1: Card payments fail"
