"""On call by the store: schedules, overrides, paths."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.sample import load_sample, remove_sample
from firstcall.ready.commands.schedule import Layer, add_override, set_schedule
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.schedule import Override, Schedule
from firstcall.ready.queries.oncall import on_call_now, plan_of
from firstcall.ready.queries.path import people_of_step
from firstcall.ready.queries.waking import woken_by
from firstcall.ready.queries.what_if import what_if
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def weekly(cast: Cast) -> Schedule:
    turns = Layer((cast.ben, cast.ada), dt.time(9), dt.date(2026, 11, 16))
    return set_schedule(name="Payments", zone="Europe/Berlin", layers=[turns], by=MACHINE, now=NOW)


def test_who_is_on_call_now_and_next(cast: Cast) -> None:
    schedule = weekly(cast)
    assert plan_of(schedule).holder(at=NOW) == cast.ben
    coming = plan_of(schedule).next(at=NOW)
    assert coming is not None
    assert (coming.user, coming.starts) == (cast.ada.pk, dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
    add_override(schedule=schedule, user=cast.dana, starts=NOW, ends=NOW + dt.timedelta(hours=2), by=MACHINE, now=NOW)
    assert on_call_now(at=NOW) == [cast.dana]


def test_a_person_who_left_holds_no_shift(cast: Cast) -> None:
    schedule = weekly(cast)
    cast.ben.is_active = False
    cast.ben.save()
    assert plan_of(schedule).holder(at=NOW) == cast.ada


@pytest.mark.parametrize(("hours", "field"), [(0, "ends"), (-3, "ends"), (24 * 100, "ends")])
def test_an_override_that_makes_no_sense_is_refused(cast: Cast, hours: int, field: str) -> None:
    schedule = weekly(cast)
    with pytest.raises(Refused) as refused:
        add_override(
            schedule=schedule, user=cast.ada, starts=NOW, ends=NOW + dt.timedelta(hours=hours), by=MACHINE, now=NOW
        )
    assert refused.value.field == field
    assert Override.objects.count() == 0


def test_a_refused_override_keeps_what_was_typed(cast: Cast) -> None:
    schedule, client = weekly(cast), Client()
    client.force_login(cast.ada)
    said = {"user": cast.ben.pk, "starts": "2999-12-05T10:00", "ends": "2999-12-04T10:00"}
    answer = client.post(f"/oncall/{schedule.pk}/override/", said)
    page = answer.content.decode()
    assert (answer.status_code, Override.objects.count()) == (422, 0)
    assert "It must end after it begins." in page
    assert '<details class="section-life" open>' in page and 'value="2999-12-04T10:00"' in page


def test_a_plan_names_whoever_is_on_call_at_that_instant(cast: Cast) -> None:
    schedule = weekly(cast)
    path = set_path(name="Day and night", steps=[Step(schedule, 5), Step(cast.dana, 10)], by=MACHINE, now=NOW)
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", path=path)
    plan = woken_by(flow, 1, now=NOW).plan
    assert plan is not None
    assert [people_of_step(step, at=NOW) for step in plan["steps"]] == [[cast.ben], [cast.dana]]
    assert people_of_step(plan["steps"][0], at=NOW + dt.timedelta(days=3)) == [cast.ada]
    assert woken_by(flow, 4, now=NOW).waking.kind == "never"


def test_the_sample_company_loads_once_and_leaves_nothing(cast: Cast) -> None:
    load_sample(by=MACHINE, now=NOW, people=[cast.ada, cast.ben, cast.dana])
    with pytest.raises(Refused):
        load_sample(by=MACHINE, now=NOW, people=[cast.ada])
    assert (Flow.objects.count(), Customer.objects.count()) == (5, 9)
    provider = Flow.objects.get(slug="checkout").needs.get(component__slug="payments").component
    assert provider is not None
    assert [flow.name for flow in what_if(provider, now=NOW).stops] == ["Checkout", "Payouts", "Refunds"]
    assert plan_of(Schedule.objects.get()).holder(at=NOW) in (cast.ada, cast.ben)
    remove_sample(by=MACHINE, now=NOW)
    assert (Flow.objects.count(), Customer.objects.count(), Schedule.objects.count()) == (0, 0, 0)
