"""Friday evening as rows: what tests of several rooms look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job
from firstcall.detect.models.alert import Alert, Heard
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.source import Source
from firstcall.inform.commands.status_page import make_page
from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.respond.commands.escalation import acknowledge, run_step
from firstcall.respond.commands.incident import accept_incident, describe_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)  # 23:12 in Berlin
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Friday:
    """Checkout breaks at 22:54, an alert at 22:56 pages Ben, who has it at 22:58; Ada owns it."""

    cast: Cast
    flow: Flow
    group: AlertGroup
    incident: Incident


def make_group(cast: Cast) -> AlertGroup:
    """A flow with its path, customers and a part of it whose alert has just paged."""
    path = EscalationPath.objects.create(name="Night")
    for order, user in enumerate((cast.ben, cast.ada)):
        EscalationStep.objects.create(path=path, order=order, wait_minutes=5, user=user)
    flow = Flow.objects.create(
        slug="checkout", name="Checkout", criticality="critical", cost_per_hour=6200, users_per_hour=900, path=path
    )
    for name in ("Bakery Union", "Harbour Grill"):
        Customer.objects.create(name=name, contract=True, phone="+49 000 1").flows.add(flow)
    Customer.objects.create(name="Bakehouse Lane")
    part = Component.objects.create(slug="payments", name="Payments service", first_steps="Read the last 20 errors.")
    source = Source.objects.create(
        name="Prometheus", kind="alertmanager", created_at=NOW - dt.timedelta(days=9), last_heard_at=NOW
    )
    group = AlertGroup.objects.create(
        key="component:1", title="Card payments fail", component=part, flow=flow, verdict="page",
        reason="Paged, because Checkout is critical.", opened_at=NOW - 16 * MINUTE, last_at=NOW, count=1,
    )  # fmt: skip
    alert = Alert.objects.create(
        source=source, dedup_key="a", group=group, title="Card payments fail", severity="critical",
        annotations={"error": "CG-504 authorisation timed out"}, component=part, started_at=NOW - 18 * MINUTE,
        first_at=NOW - 16 * MINUTE, verdict="page", reason="x",
    )  # fmt: skip
    Heard.objects.create(alert=alert, last_at=NOW)
    return group


def run_reaction(kind: str, now: dt.datetime, **payload: int) -> None:
    """What the worker would do with such a job."""
    store = JOB_KINDS[kind].store
    assert store is not None
    store(Job(kind=kind, payload=payload), now=now)


def make_friday() -> Friday:
    """23:12, eighteen minutes in, with a status page that shows what is hit."""
    cast = make_cast()
    group = make_group(cast)
    make_page(name="Tillhouse", parts=[("Card payments", group.flow)], by=MACHINE, now=NOW - 60 * MINUTE)
    run_reaction("reactions.group_paged", NOW - 16 * MINUTE, group=group.pk)
    incident = Incident.objects.get()
    run_step(escalation_id=incident.escalations.get().pk, step=0, now=NOW - 16 * MINUTE)
    acknowledge(page=Page.objects.get(), by=actor_of(cast.ben), now=NOW - 14 * MINUTE)
    by = actor_of(cast.ada)
    accept_incident(incident=incident, by=by, now=NOW - 13 * MINUTE)
    take_role(incident=incident, role="owner", user=cast.ada, by=by, now=NOW - 13 * MINUTE)
    row = describe_incident(incident=incident, by=by, now=NOW - 12 * MINUTE, symptom="Transactions fail")
    assert group.flow is not None
    return Friday(cast, group.flow, group, row)


@pytest.fixture
def friday() -> Friday:
    """The evening as it stands at 23:12."""
    return make_friday()
