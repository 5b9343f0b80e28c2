"""A small company: what its flows need, and one source of alerts."""

from __future__ import annotations

import pytest

from firstcall.detect.commands.source import make_source
from firstcall.detect.models.source import Source
from firstcall.detect.tests.incoming import NOW
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow


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
