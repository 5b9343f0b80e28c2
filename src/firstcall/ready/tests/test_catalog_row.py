"""What a file does to the rows there are: in bulk, only on what the plan was made on, and without robbing anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.catalogs.read import read_catalog
from firstcall.ready.commands.catalog import Plan, apply_catalog, plan_catalog
from firstcall.ready.commands.duty import accept_duty
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.models.change import ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
WHO = """firstcall: 1
schedules:
- {name: Engineers, zone: UTC, layers: [{members: [ben@example.com], handover: '09:00', starts: 2026-11-02}]}
paths:
- name: Path
  steps: [{schedule: Engineers}]
  lanes:
  - {kind: owners, severity: 2, after_minutes: 10}
  - {kind: leadership, person: dana@example.com}
flows: [{slug: checkout, name: Checkout, path: Path}]
roles:
- {role: communications_lead, flow: checkout, person: ada@example.com, deputy_schedule: Engineers}
- {role: communications_lead, flow: checkout, person: dana@example.com}
- {role: owner, schedule: Engineers, windows: [{days: '12345', from: '09:00', to: '17:00'}]}
release_windows:
- {flow: checkout, days: '12', from: '09:00', to: '12:00', zone: Europe/Berlin}
- {days: '1234', from: '09:00', to: '16:00', zone: Europe/Berlin}
"""
pytestmark = pytest.mark.django_db


def planned(text: str, **more: Any) -> Plan:
    items, adopt, problems = read_catalog(text.encode())
    assert problems == []
    return plan_catalog(items=items, origin="catalog.yaml", adopt=adopt, **more)


def apply(text: str, *, prune: bool = False, **more: Any) -> dict[str, int]:
    return apply_catalog(plan=planned(text, **more), prune=prune, **SAY)


def test_lanes_roles_and_release_windows_are_in_the_file(cast: Cast) -> None:
    assert apply(WHO) == {"made": 8, "changed": 0, "removed": 0}
    assert list(Lane.objects.values_list("kind", "user", "severity", "after_minutes")) == [
        ("leadership", cast.dana.pk, 1, 0), ("owners", None, 2, 10),
    ]  # fmt: skip
    first, second, third = Duty.objects.order_by("pk")
    assert (first.user, first.deputy_schedule, first.flow) == (cast.ada, Schedule.objects.get(), Flow.objects.get())
    assert (second.user, second.deputy_schedule) == (cast.dana, None)
    assert third.windows == [{"days": "12345", "from": "09:00", "to": "17:00"}]
    of_all = ReleaseWindow.objects.get(flow=None)
    assert (of_all.days, of_all.starts, of_all.ends, of_all.origin) == (
        "1234", dt.time(9), dt.time(16), "catalog.yaml",
    )  # fmt: skip
    assert [c.item.key for c in planned(WHO).difference.changes if c.item.kind in ("duty", "release_window")] == [
        "communications_lead > flow:checkout", "communications_lead > flow:checkout (2)",
        "owner > 12345 09:00-17:00", "flow:checkout > 12 > 09:00 > 12:00 > Europe/Berlin",
        "1234 > 09:00 > 16:00 > Europe/Berlin",
    ]  # fmt: skip
    assert apply(WHO) == {"made": 0, "changed": 0, "removed": 0}
    assert apply(WHO.split("release_windows")[0], prune=True) == {"made": 0, "changed": 0, "removed": 2}
    assert ReleaseWindow.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            "paths: [{name: P, steps: [{person: a@b.c, wait_minutes: 0}]}]",
            "Whoever is paged last needs time to answer: wait from 1 to 240 minutes.",
        ),
        (
            "paths: [{name: P, steps: [{person: a@b.c}], lanes: [{kind: support}]}]",
            "A lane tells a schedule or a person, one of the two; account owners need neither.",
        ),
        ("roles: [{role: owner}]", "A role is held by a schedule or a person, one of the two."),
        ("roles: [{role: owner, person: a@b.c, deputy: a@b.c}]", "A deputy is somebody else."),
        ("roles: [{role: boss, person: a@b.c}]", "'boss' is not one of owner, technical_lead, communications_lead, "
         "support_liaison, leadership_liaison."),
        ("roles: [{role: owner, person: a@b.c, flow: x, team: y}]", "Name a flow or a team, not both."),
        (
            "release_windows: [{component: a, flow: b, days: '1', from: '09:00', to: '10:00', zone: UTC}]",
            "Name a component or a flow, not both.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_them_is_said(wrong: str, words: str) -> None:
    _items, _adopt, problems = read_catalog(f"firstcall: 1\n{wrong}\n".encode())
    assert [problem.sentence for problem in problems] == [words]


def test_who_accepted_a_role_is_asked_again_only_for_another(cast: Cast) -> None:
    apply(WHO)
    duty = Duty.objects.order_by("pk")[0]
    accept_duty(duty=duty, person=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert (
        apply(WHO.replace("deputy_schedule: Engineers}", "deputy_schedule: Engineers, sketched: true}"))["changed"] == 1
    )
    assert Acceptance.objects.get().user == cast.ada
    assert apply(WHO.replace("person: ada@", "person: cleo@"))["changed"] == 1
    duty.refresh_from_db()
    assert (duty.user, Acceptance.objects.count()) == (cast.cleo, 0)


def test_a_plan_holds_only_for_what_it_was_made_on(cast: Cast) -> None:
    apply(WHO)
    plan = planned(WHO.replace("name: Checkout", "name: Pay by card"))
    Flow.objects.update(stops="Nobody can pay.")
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        apply_catalog(plan=plan, **SAY)
    assert refused.value.sentence == (
        "Nothing was changed: flow 'checkout' is no longer what it was. Look at the difference again."
    )
    assert (Flow.objects.get().name, Entry.objects.count()) == ("Checkout", before)
    gone = planned(WHO + "customers: [{name: Bakery Union, account_owner: eve@example.com}]\n")
    cast.eve.is_active = False
    cast.eve.save()
    with pytest.raises(Refused, match="eve@example"):
        apply_catalog(plan=gone, **SAY)
    assert Customer.objects.count() == 0


def test_the_same_difference_has_the_same_mark(cast: Cast) -> None:
    assert planned(WHO).mark == planned(WHO).mark
    before = planned(WHO).mark
    apply(WHO)
    assert planned(WHO).mark != before


def test_a_path_by_hand_keeps_what_the_file_no_longer_names(cast: Cast) -> None:
    apply(WHO)
    engineers = Schedule.objects.get()
    set_path(name="By hand", steps=[Step(engineers)], **SAY)
    flows = "firstcall: 1\nflows: [{slug: checkout, name: Checkout}]\n"
    with pytest.raises(Refused) as refused:
        apply(flows, prune=True)
    assert refused.value.sentence == "Nothing was changed: By hand still names Engineers."
    assert (Schedule.objects.count(), EscalationPath.objects.count(), Duty.objects.count()) == (1, 2, 3)


def test_a_customer_that_leaves_the_file_ends_and_keeps_its_name(cast: Cast) -> None:
    one = "firstcall: 1\ncustomers: [{name: Bakery Union, key: '7', phone: '1', contacts: [{name: Eve}]}]\n"
    apply(one)
    assert apply("firstcall: 1\n", prune=True) == {"made": 0, "changed": 0, "removed": 1}
    assert Customer.objects.count() == 0
    ended = Customer.everybody.get()
    assert (ended.name, ended.ended_at, ended.key, ended.phone, ended.contacts.count()) == (
        "Bakery Union", NOW, "", "", 0,
    )  # fmt: skip
    assert apply(one)["made"] == 1


def test_what_is_taken_over_from_the_sample_is_no_sample_any_more(cast: Cast) -> None:
    Component.objects.create(slug="pay", name="Payments", sample=True)
    text = "firstcall: 1\nadopt: true\ncomponents: [{slug: pay, name: Payments}]\n"
    assert apply(text) == {"made": 0, "changed": 1, "removed": 0}
    pay = Component.objects.get()
    assert (pay.sample, pay.origin) == (False, "catalog.yaml")


def test_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    def asked(count: int, note: str) -> int:
        rows = "\n".join(f"- {{slug: c{n}, name: Part {n}, first_steps: {note}}}" for n in range(count))
        edges = "\n".join(
            f"- {{from: 'component:c{n}', to: 'component:c{n + 1}', fallback_how: {note}}}" for n in range(count - 1)
        )
        plan = planned(f"firstcall: 1\ncomponents:\n{rows}\ndependencies:\n{edges}\n")
        with CaptureQueriesContext(connection) as found:
            apply_catalog(plan=plan, **SAY)
        return len(found)

    made, changed = asked(3, "one"), asked(3, "two")
    apply("firstcall: 1\n", prune=True)
    assert (asked(40, "one"), asked(40, "two")) == (made, changed)
    assert Component.objects.filter(first_steps="two").count() == 40
    assert Dependency.objects.filter(fallback_how="two").count() == 39
