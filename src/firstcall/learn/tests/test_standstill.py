"""What the page of a customer says of the rooms above: minutes of the month, reports, calls, and what stays hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from firstcall.detect.models.report import Report
from firstcall.kernel.actor import MACHINE
from firstcall.learn.queries.incident import harm_from
from firstcall.learn.queries.standstill import month_of
from firstcall.learn.rules.cost import about, cost_of
from firstcall.ready.commands.customer import add_customer, end_customer
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.cost import hour_of
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident
from firstcall.respond.rules.impact import Return
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout() -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout")


@pytest.fixture
def bakery(checkout: Flow) -> Customer:
    return add_customer(name="Bakery Union", flows=[checkout], contract=True, **SAY)


def test_minutes_of_the_month_count_once_and_only_what_one_may_see(
    cast: Cast, bakery: Customer, checkout: Flow
) -> None:
    def hurt(since: int, minutes: int, **more: Any) -> None:
        at = NOW - since * MINUTE
        Incident.objects.create(
            title="x", flow=checkout, severity=1, opened_at=at, impact_started_at=at, state="resolved",
            resolved_at=at + minutes * MINUTE, **more,
        )  # fmt: skip

    hurt(100, 30)
    hurt(80, 20)  # ten minutes overlap
    hurt(40, 5, restricted=True)
    hurt(30, 5, practice=True)
    hurt(60 * 24 * 40, 60)  # last month
    for viewer, minutes, incidents in ((cast.ada, 45, 3), (cast.cleo, 40, 2)):
        found = month_of(bakery, viewer=viewer, now=NOW)
        assert (found.minutes, found.incidents) == (minutes, incidents)
    assert month_of(add_customer(name="Kiosk", flows=[], **SAY), viewer=cast.ada, now=NOW).minutes == 0


def test_what_worked_in_between_hurt_nobody(cast: Cast, bakery: Customer, checkout: Flow) -> None:
    checkout.cost_per_hour, checkout.by_hour = 500, [100] * 168
    checkout.by_hour[4 * 24 + 20] = 1000  # 20:00 to 21:00, when it worked, and the half hour before
    checkout.save()
    incident = Incident(
        title="x", flow=checkout, severity=1, opened_at=NOW - 150 * MINUTE, impact_started_at=NOW - 150 * MINUTE,
        state="resolved", resolved_at=NOW,
    )  # fmt: skip
    incident.note_return(Return(NOW - 120 * MINUTE, NOW - 30 * MINUTE, NOW - 20 * MINUTE))
    incident.save()
    assert month_of(bakery, viewer=cast.ada, now=NOW).minutes == 60
    harm = harm_from(incident, [], now=NOW)
    assert (harm.minutes, harm.hour) == (60, hour_of(100, None))
    said = [str(one.source.text) for one in cost_of(harm).parts[0].assumptions]
    assert said[0] == "from the incident’s timeline, without the time in between when it worked"


def test_an_incident_counts_for_who_was_named_and_else_for_who_uses_its_flow(
    cast: Cast, bakery: Customer, checkout: Flow
) -> None:
    kiosk = add_customer(name="Kiosk North", flows=[], **SAY)
    at = NOW - 90 * MINUTE
    incident = Incident.objects.create(
        title="x", flow=checkout, severity=1, opened_at=at, state="resolved", resolved_at=NOW
    )

    def minutes() -> list[int]:
        return [month_of(one, viewer=cast.ada, now=NOW).minutes for one in (bakery, kiosk)]

    assert minutes() == [90, 0]
    incident.hit.add(kiosk)
    assert minutes() == [0, 90]
    incident.hit.add(bakery)
    assert minutes() == [90, 90]


def test_reports_and_calls_of_a_hidden_incident_stay_hidden(cast: Cast, bakery: Customer, checkout: Flow) -> None:
    incident = Incident.objects.create(
        title="x", flow=checkout, severity=1, opened_at=NOW, restricted=True, state="investigating"
    )
    CallBack.objects.create(
        incident=incident, customer=bakery, customer_name="Bakery Union", owner=cast.ada, promised_at=NOW,
        due_at=NOW + DAY,
    )  # fmt: skip
    for user, seen in ((cast.ada, True), (cast.cleo, False)):
        client = Client()
        client.force_login(user)
        page = client.get(f"/flows/customers/{bakery.pk}/").content.decode()
        assert ("Calls we promised" in page) is seen
        assert ("Checkout is being worked on" in page) is seen


def test_a_report_keeps_the_name_of_a_customer_that_ended(bakery: Customer) -> None:
    report = Report.objects.create(customer=bakery, seen="It fails", at=NOW)
    end_customer(customer=bakery, **SAY)
    assert str(Report.objects.select_related("customer").get(pk=report.pk).customer) == "Bakery Union"
    assert str(Report.objects.get(pk=report.pk).customer) == "Bakery Union"


def test_an_outage_costs_what_its_own_hours_cost(checkout: Flow) -> None:
    checkout.cost_per_hour, checkout.by_hour = 500, [100] * 168
    checkout.by_hour[4 * 24 + 20 : 4 * 24 + 22] = [1000, 3000]
    incident = Incident(
        title="x", flow=checkout, severity=1, opened_at=NOW, impact_started_at=NOW - 90 * MINUTE, resolved_at=NOW
    )
    harm = harm_from(incident, [], now=NOW)
    assert (harm.minutes, harm.hour) == (90, hour_of(2333, None))
    assert cost_of(harm).money == about(2100, 3500)
