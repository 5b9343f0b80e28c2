"""What was changed last stands in the page that wakes and in the room."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS, Parcel
from firstcall.deliver.models.job import Job
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.ready.commands.change import note_change
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.escalation import run_step, start_escalation
from firstcall.respond.commands.incident import open_incident
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)


def test_the_mail_and_the_room_say_what_was_changed_before() -> None:
    cast = make_cast()
    payments = Component.objects.create(slug="payments", name="Payments")
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    Dependency.objects.create(flow=flow, component=payments)
    for title, hours in (("Payments 4.1", 5), ("Payments 4.2", 1), ("Payments 3", 40)):
        note_change(title=title, at=NOW - dt.timedelta(hours=hours), component=payments, by=MACHINE, now=NOW)
    incident = open_incident(
        title="Cards fail", flow=flow, severity=1, symptom="", impact_started_at=NOW, by=MACHINE, now=NOW
    )
    step = {"wait_minutes": 5, "schedule": None, "user": cast.ben.pk}
    run = start_escalation(incident=incident, by=MACHINE, now=NOW, plan={"path": "Payments", "steps": [step]})
    assert run is not None
    run_step(escalation_id=run.pk, step=0, now=NOW)
    job = Job.objects.get(kind="respond.page")
    prepare = JOB_KINDS["respond.page"].prepare
    assert prepare is not None
    parcel = prepare(job, now=NOW)
    assert isinstance(parcel, Parcel)
    assert "Last change: Payments 4.2, 22:00 CET" in parcel.text
    assert "Payments 4.2, 22:00 CET" in parcel.html
    client = Client()
    client.force_login(cast.ada)
    with clock.read_from(lambda: NOW):
        room = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert "Last change: Payments 4.2," in room
    assert "Changed before: Payments 4.1," in room
    assert "Payments 3" not in room
