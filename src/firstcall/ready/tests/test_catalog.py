"""The catalogue as a file: read, compared, applied as a whole or not at all, and written back without loss."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.models.team import Team
from firstcall.ready.catalogs.form import read_any
from firstcall.ready.catalogs.read import read_catalog
from firstcall.ready.catalogs.write import write_catalog
from firstcall.ready.commands.catalog import apply_catalog, plan_catalog
from firstcall.ready.commands.flow import change_flow, register_flow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Calendar, Rotation, Schedule
from firstcall.ready.queries.catalog import MODELS, catalog_items
from firstcall.ready.rules.catalog import SHAPES
from tests.cast import make_cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
WHOLE = b"""firstcall: 1
teams:
- slug: payments
  name: Payments team
  members:
  - ada@example.com
  - ben@example.com
schedules:
- name: Engineers
  zone: Europe/Berlin
  owner: ada@example.com
  layers:
  - name: Nights
    members:
    - ben@example.com
    - ada@example.com
    length_days: 1
    handover: '18:00'
    starts: '2026-11-02'
    until: '2027-11-02'
    windows:
    - days: '12345'
      from: '18:00'
      to: '09:00'
  - members:
    - ada@example.com
    handover: '09:00'
    starts: '2026-11-02'
paths:
- name: Payments path
  owner: ada@example.com
  steps:
  - schedule: Engineers
  - person: dana@example.com
    wait_minutes: 10
  confirm_by: '2027-02-01'
providers:
- slug: cardgate
  name: CardGate
  support_contact: priority desk
  phone: +49 30 5550 0200
  contract: C-12
  without: no card is taken
  status_url: https://status.example.com
  first_steps_tried: '2026-10-01'
components:
- slug: pay
  name: 'Pay: "the" part'
  owner: ben@example.com
  team: payments
  first_steps: |-
    Roll back.
    Call CardGate.
flows:
- slug: checkout
  name: Checkout
  criticality: critical
  cost_per_hour: 6200
  cost_per_hour_most: 8600
  stakes:
  - contract
  - trust
  peak_days: '5'
  peak_from: 17
  peak_to: 24
  owner: ada@example.com
  team: payments
  path: Payments path
  severity_paths:
  - severity: 1
    path: Payments path
  words_customers: 'Card payments are failing. #1'
dependencies:
- from: component:pay
  to: provider:cardgate
  fallback: manual
  fallback_how: by invoice
  fallback_tested: '2026-09-01'
- from: flow:checkout
  to: component:pay
  hard: false
customers:
- name: Bakery Union
  key: '0042'
  tier: gold
  contract: true
  service_level: 99.9
  minutes_a_month: 43
  account_owner: cleo@example.com
  flows:
  - checkout
  contacts:
  - name: Eve
    role: buyer
    email: eve@example.com
"""
pytestmark = pytest.mark.django_db


def apply(body: bytes, *, origin: str = "catalog.yaml", adopt: bool = False, prune: bool = False) -> dict[str, int]:
    items, said, problems = read_catalog(body)
    assert problems == []
    plan = plan_catalog(items=items, origin=origin, adopt=adopt or said)
    return apply_catalog(plan=plan, by=MACHINE, now=NOW, prune=prune)


def counts() -> dict[str, int]:
    return {kind: model.objects.count() for kind, model in MODELS.items()}


def test_a_whole_file_is_applied_once_and_comes_back() -> None:
    cast = make_cast()
    assert apply(WHOLE) == {"made": 9, "changed": 0, "removed": 0}
    flow = Flow.objects.get()
    assert (flow.origin, flow.owner, flow.cost_per_hour_most, flow.stakes) == (
        "catalog.yaml", cast.ada, 8600, ["contract", "trust"],
    )  # fmt: skip
    assert flow.severity_paths.get().path == EscalationPath.objects.get() == flow.path
    assert [step.user or step.schedule for step in EscalationPath.objects.get().steps.all()] == [
        Schedule.objects.get(), cast.dana,
    ]  # fmt: skip
    assert [m.user for m in Schedule.objects.get().rotations.all()[0].members.all()] == [cast.ben, cast.ada]
    assert Customer.objects.get().contacts.get().role == "buyer"
    assert Provider.objects.get().phone == "+49 30 5550 0200"
    assert Dependency.objects.get(provider__isnull=False).fallback_tested == dt.date(2026, 9, 1)
    entries = Entry.objects.count()
    assert apply(WHOLE) == {"made": 0, "changed": 0, "removed": 0}
    assert Entry.objects.count() == entries
    written = write_catalog(catalog_items())
    for model in reversed(MODELS.values()):
        model.objects.all().delete()
    assert apply(written)["made"] == 9
    assert write_catalog(catalog_items()) == written
    assert Customer.objects.get().service_level == "99.9"


def test_the_difference_names_fields_and_what_is_gone_goes_only_when_asked() -> None:
    make_cast()
    apply(WHOLE)
    changed = WHOLE.replace(b"name: Checkout\n", b"name: Pay by card\n").split(b"\ncustomers:")[0] + b"\n"
    items, _adopt, problems = read_catalog(changed)
    assert problems == []
    plan = plan_catalog(items=items, origin="catalog.yaml")
    assert [(c.item.key, c.fields) for c in plan.difference.of("changed")] == [
        ("checkout", (("name", "Checkout", "Pay by card"),))
    ]
    assert [c.item.key for c in plan.difference.of("gone")] == ["Bakery Union"]
    assert apply(changed) == {"made": 0, "changed": 1, "removed": 0}
    assert Customer.objects.count() == 1
    assert apply(changed, prune=True) == {"made": 0, "changed": 0, "removed": 1}
    assert Customer.objects.count() == 0
    assert Entry.objects.filter(kind="catalog.applied").count() == 3


def test_what_a_hand_made_is_taken_over_only_when_said() -> None:
    make_cast()
    flow = register_flow(name="Checkout", by=MACHINE, now=NOW)
    body = b"firstcall: 1\nflows:\n- slug: checkout\n  name: Checkout\n"
    with pytest.raises(Refused) as refused:
        apply(body)
    assert refused.value.sentence == (
        "Line 3: flow 'checkout' was made by hand: to take it over say --adopt, or adopt: true in the file."
    )
    flow.refresh_from_db()
    assert flow.origin == ""
    assert apply(b"adopt: true\n" + body) == {"made": 0, "changed": 1, "removed": 0}
    flow.refresh_from_db()
    assert flow.origin == "catalog.yaml"
    with pytest.raises(Refused, match=r"This comes from catalog\.yaml"):
        change_flow(flow=flow, name="Other", by=MACHINE, now=NOW)
    with pytest.raises(Refused, match=r"comes from catalog\.yaml"):
        apply(body, origin="/somewhere/other.yaml")


@pytest.mark.parametrize(
    ("body", "line", "field", "words"),
    [
        (b"", 1, "", "The file is empty."),
        (b"a: &x 1\nb: *x\n", 2, "", "Aliases (*name) are not read: write it out."),
        (b"a: [" * 20, 1, "", "This is nested too deep."),
        (b"\n\xff", 2, "", "This is not UTF-8: save the file as UTF-8."),
        (b"flows: []\n", 1, "firstcall", "Begin with 'firstcall: 1', the version of this format."),
        (b"firstcall: 1\nflows:\n- slug: a\n", 3, "name", "'name' is missing."),
        (b"firstcall: 1\nflows:\n- slug: a\n  slug: b\n", 4, "slug", "The field 'slug' stands here twice."),
        (
            b"firstcall: 1\nflows:\n- {slug: a, name: A}\n- {slug: a, name: B}\n", 4, "",
            "'a' stands here twice, first in line 3.",
        ),
        (
            b"firstcall: 1\nproviders:\n- slug: a\n  name: A\n  confirm_by: 2026-02-30\n", 5, "confirm_by",
            "'2026-02-30' is no day: write it as 2026-11-20.",
        ),
        (
            b"firstcall: 1\nschedules:\n- name: A\n  zone: Mars/Base\n", 4, "zone",
            "'Mars/Base' is no time zone: write one such as Europe/Berlin.",
        ),
        (
            b"firstcall: 1\ndependencies:\n- from: component:a\n  to: component:a\n", 4, "to",
            "A part does not need itself.",
        ),
        (
            b"firstcall: 1\nflows:\n- slug: a\n  name: A\n  cost_per_hour: 10\n  cost_per_hour_most: 9\n", 6,
            "cost_per_hour_most", "The upper end of what an hour costs must not be below the lower one.",
        ),
        (
            b"firstcall: 1\nflows:\n- slug: a\n  name: [A]\n", 4, "name",
            "Write one value here, not a list or more fields.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_field(body: bytes, line: int, field: str, words: str) -> None:
    _items, _adopt, problems = read_catalog(body)
    assert (problems[0].line, problems[0].field, problems[0].sentence) == (line, field, words)


def test_a_schedule_that_follows_a_calendar_is_not_robbed_of_it() -> None:
    make_cast()
    apply(WHOLE)
    schedule = Schedule.objects.get()
    calendar = Calendar.objects.create(schedule=schedule, name="Team calendar")
    Rotation.objects.create(
        schedule=schedule, calendar=calendar, handover=dt.time(9), starts=dt.date(2026, 11, 2), position=2
    )
    with pytest.raises(Refused, match="'Engineers' follows a calendar") as refused:
        apply(WHOLE.replace(b"length_days: 1\n", b"length_days: 2\n"))
    assert refused.value.field == "layers"
    assert schedule.rotations.count() == 3


def test_the_guide_is_a_file_that_can_be_applied() -> None:
    make_cast()
    text = (Path(__file__).parents[4] / "docs" / "guides" / "catalog.md").read_text()
    body = text.split("```yaml\n")[1].split("```")[0].encode()
    assert apply(body) == {"made": 12, "changed": 0, "removed": 0}
    assert apply(body) == {"made": 0, "changed": 0, "removed": 0}
    written = write_catalog(catalog_items())
    for one in SHAPES:
        for each in one.fields:
            assert each.name in text, f"the guide does not show {one.heading}.{each.name}"
    assert apply(written, origin="catalog.yaml") == {"made": 0, "changed": 0, "removed": 0}


def test_a_backstage_file_becomes_components_teams_and_edges() -> None:
    body = b"""kind: Component
metadata: {name: shop}
spec: {owner: team-a, dependsOn: ['resource:db'], consumesApis: [pay-api]}
---
kind: Resource
metadata: {name: db}
spec: {owner: 'group:default/team-b'}
---
kind: Component
metadata: {name: pay}
spec: {owner: 'user:ada', providesApis: [pay-api], dependencyOf: ['component:default/shop']}
---
kind: System
metadata: {name: all}
"""
    items, _adopt, problems = read_any(body, form="backstage")
    assert problems == []
    apply_catalog(plan=plan_catalog(items=items, origin="catalog-info.yaml"), by=MACHINE, now=NOW)
    assert sorted(Team.objects.values_list("slug", flat=True)) == ["team-a", "team-b"]
    assert list(Component.objects.order_by("slug").values_list("slug", "team__slug")) == [
        ("db", "team-b"), ("pay", None), ("pay-api", None), ("shop", "team-a"),
    ]  # fmt: skip
    edges = Dependency.objects.values_list("from_component__slug", "component__slug")
    assert sorted(edges) == [("pay-api", "pay"), ("shop", "db"), ("shop", "pay"), ("shop", "pay-api")]


def test_a_graph_is_imported_and_an_edge_to_nothing_is_named() -> None:
    items, _adopt, problems = read_any(
        b'{"one": {"nodes": [{"id": "a b"}, {"id": "A-B"}, "c"],'
        b' "edges": [["a b", "A-B"], {"from": "c", "to": "a b"}]}}',
        form="graph",
    )
    assert problems == []
    assert [item.key for item in items] == [
        "a-b", "a-b-2", "c", "component:a-b > component:a-b-2", "component:c > component:a-b",
    ]  # fmt: skip
    items, _adopt, problems = read_any(b'{"nodes": ["a"], "edges": [["a", "x"]]}', form="graph")
    assert items == []
    assert [(one.field, one.sentence) for one in problems] == [("edges[1]", "Edge 1 names 'x', which is no node.")]
