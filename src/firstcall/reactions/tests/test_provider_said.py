"""What a provider says of itself while an incident is open."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.provider_status import keep_heard, take_provider
from firstcall.detect.feeds.asking import Heard
from firstcall.detect.feeds.reading import read_answer
from firstcall.detect.tests.test_feeds import summary
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)


def opened(flow: Flow) -> Incident:
    return open_incident(
        title=f"{flow.name} fails", flow=flow, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )


def test_it_is_on_record_in_each_room_whose_flow_needs_it_and_pages_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Provider.objects.create(slug="cardgate", name="CardGate", status_url="https://s.example")
    checkout = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    reports = Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    Dependency.objects.create(flow=checkout, provider=provider)
    hit, other = opened(checkout), opened(reports)
    row = take_provider(provider=provider, now=NOW)
    assert row is not None
    keep_heard(status=row, heard=Heard(read_answer(summary())), now=NOW)
    job = Job.objects.get(kind="reactions.provider_said")
    store = JOB_KINDS[job.kind].store
    assert store is not None
    store(job, now=NOW)
    told = Entry.objects.filter(kind="incident.provider_said")
    assert [(one.subject, one.facts.data["name"], one.facts.data["said"], one.facts.data["what"]) for one in told] == [
        (f"incident:{hit.pk}", "CardGate", "degraded", "It says: Card payments fail")
    ]
    assert Page.objects.count() == 0
    monkeypatch.setattr("firstcall.kernel.clock.now", lambda: NOW)
    client = Client()
    client.force_login(make_cast().ada)
    room = client.get(f"/incidents/{hit.pk}/").content.decode()
    assert "Likely CardGate: a provider, says that it is degraded since" in room
    assert "CardGate" not in client.get(f"/incidents/{other.pk}/").content.decode()
