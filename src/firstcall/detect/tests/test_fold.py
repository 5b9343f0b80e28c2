"""From what came in to alerts, groups and the job that pages."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.source import make_source
from firstcall.detect.models.alert import Alert, AlertHour
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    """Checkout (critical) needs payments, which needs ledger; Reports (minor) needs reporting."""
    payments = Component.objects.create(slug="payments", name="Payments service")
    ledger = Component.objects.create(slug="ledger", name="Ledger")
    reporting = Component.objects.create(slug="reporting", name="Reporting")
    checkout = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    reports = Flow.objects.create(slug="reports", name="Reports", criticality="minor")
    Dependency.objects.create(flow=checkout, component=payments)
    Dependency.objects.create(from_component=payments, component=ledger)
    Dependency.objects.create(flow=reports, component=reporting)
    return make_source(name="Prometheus", kind="alertmanager", by=MACHINE, now=NOW)[0]


def alert(name: str, *, job: str = "payments", status: str = "firing", severity: str = "critical") -> dict[str, Any]:
    labels = {"alertname": name, "job": job, "severity": severity}
    return {"status": status, "labels": labels, "annotations": {"summary": f"{name} on {job}"}, "fingerprint": name}


def send(source: Source, *alerts: dict[str, Any], body: bytes | None = None, unreadable: str = "") -> Inbox:
    text = body if body is not None else json.dumps({"version": "4", "alerts": list(alerts)}).encode()
    return Inbox.objects.create(
        source=source, kind=source.kind, received_at=NOW, body=zlib.compress(text), unreadable=unreadable
    )


def paging_jobs() -> list[str]:
    return list(Job.objects.filter(kind="reactions.group_paged").values_list("key", flat=True))


def test_an_alert_of_a_critical_flow_pages_once_and_its_repeat_is_only_counted(source: Source) -> None:
    send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 1
    for _ in range(3):
        send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 3
    row, group = Alert.objects.get(), AlertGroup.objects.get()
    assert (row.count, row.verdict, row.reason) == (4, "page", "Paged, because Checkout is critical.")
    assert (group.count, group.title, group.flow) == (4, "PaymentsFail on payments", Flow.objects.get(slug="checkout"))
    assert paging_jobs() == [f"group:{group.pk}:paged"]
    assert AlertHour.objects.get().count == 4


def test_a_second_alert_of_the_same_part_joins(source: Source) -> None:
    send(source, alert("PaymentsFail"), alert("PaymentsSlow", severity="warning"))
    fold_inbox(now=NOW)
    assert AlertGroup.objects.count() == 1
    assert Alert.objects.get(title="PaymentsSlow on payments").verdict == "join"
    assert len(paging_jobs()) == 1


def test_a_child_of_a_sick_parent_joins(source: Source) -> None:
    send(source, alert("LedgerDown", job="ledger"), alert("PaymentsFail"))
    fold_inbox(now=NOW)
    assert [row.verdict for row in Alert.objects.order_by("id")] == ["page", "join"]
    assert AlertGroup.objects.count() == 1


def test_what_does_not_matter_waits_for_the_digest(source: Source) -> None:
    send(source, alert("ReportsSlow", job="reporting"), alert("Odd", job="elsewhere", severity="warning"))
    fold_inbox(now=NOW)
    assert [row.verdict for row in Alert.objects.order_by("id")] == ["digest", "digest"]
    assert paging_jobs() == []


def test_a_resolved_alert_closes_its_group_and_firing_again_is_a_new_episode(source: Source) -> None:
    send(source, alert("PaymentsFail"))
    send(source, alert("PaymentsFail", status="resolved"))
    fold_inbox(now=NOW)
    assert AlertGroup.objects.get().closed_at == NOW
    assert Job.objects.filter(kind="reactions.group_recovered").count() == 1
    send(source, alert("PaymentsFail"))
    fold_inbox(now=NOW + dt.timedelta(minutes=5))
    assert (Alert.objects.count(), AlertGroup.objects.count(), len(paging_jobs())) == (2, 2, 2)


def test_a_resolve_of_nothing_changes_nothing(source: Source) -> None:
    send(source, alert("PaymentsFail", status="resolved"))
    assert fold_inbox(now=NOW) == 1
    assert (Alert.objects.count(), AlertGroup.objects.count()) == (0, 0)


def test_what_nobody_could_read_pages_once_with_its_raw_text(source: Source) -> None:
    for _ in range(3):
        send(source, body=b'{"alerts": [{"labels": 3}]}', unreadable="Expected object at alerts[0].labels")
    fold_inbox(now=NOW)
    row = Alert.objects.get()
    assert (row.count, row.verdict, row.raw) == (3, "page", '{"alerts": [{"labels": 3}]}')
    assert len(paging_jobs()) == 1


def test_a_poisoned_row_is_parked_after_five_tries_still_pages_and_holds_nobody_back(source: Source) -> None:
    poison = send(source, body=b"not json at all")
    send(source, alert("PaymentsFail"))
    assert fold_inbox(now=NOW) == 1
    assert Alert.objects.get().title == "PaymentsFail on payments"
    for _ in range(4):
        fold_inbox(now=NOW)
    poison.refresh_from_db()
    assert (poison.state, poison.tries) == (InboxState.PARKED, 5)
    assert "not readable" in poison.reason or "malformed" in poison.reason
    assert Alert.objects.get(raw="not json at all").verdict == "page"
    assert fold_inbox(now=NOW) == 0


def test_ten_thousand_repeats_cost_few_statements(
    source: Source, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(source, *[alert(f"A{n}", job="payments") for n in range(20)])
    fold_inbox(now=NOW)
    for _ in range(100):
        send(source, *[alert(f"A{n}", job="payments") for n in range(20)])
    with django_assert_max_num_queries(20):
        assert fold_inbox(now=NOW) == 100
    assert set(Alert.objects.values_list("count", flat=True)) == {101}
