"""A sample company to look at and to play the Friday evening with: marked as sample everywhere, removed in one go."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.component import add_component, add_dependency, add_provider
from firstcall.ready.commands.customer import add_customer
from firstcall.ready.commands.flow import register_flow
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.events import SAMPLE_LOADED, SAMPLE_REMOVED
from firstcall.ready.models.change import Change
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.sample import SAMPLES, is_loaded

CONTRACTS = (("Bakery Union", "+49 30 5550 0101"), ("Harbour Grill", ""), ("Northside Pharmacy", "+49 30 5550 0103"))
SHOPS = ("Bakehouse Lane", "Kiosk North", "Tea and Thread", "Corner Books", "Old Mill Deli", "Station Flowers")
STEPS = "\n".join(
    (
        "Compare CardGate's routes EU-1 and EU-2.",
        "Read the last 20 errors.",
        "Do not restart the payments service: payments in flight would hang.",
    )
)


def load_sample(*, by: Actor, now: dt.datetime, people: list[User]) -> None:
    """Five flows, what they need, nine customers, a weekly rotation of `people` and a path. Raises Refused if there."""
    if is_loaded():
        raise Refused(_("The sample company is loaded already."))
    if not people:
        raise Refused(_("Somebody must be there to be on call."))
    with transaction.atomic():
        flows = _flows(people, by=by, now=now)
        _map(flows, people, by=by, now=now)
        for name, phone in CONTRACTS:
            add_customer(
                name=name, flows=list(flows.values())[:3], contract=True, phone=phone, tier=_("gold"), by=by,
                now=now, sample=True,
            )  # fmt: skip
        for name in SHOPS:
            add_customer(name=name, flows=[flows["Checkout"], flows["Sign in"]], by=by, now=now, sample=True)
        record(SAMPLE_LOADED, by=by, now=now, subject="sample:1")


def _flows(people: list[User], *, by: Actor, now: dt.datetime) -> dict[str, Flow]:
    owner, engineer = people[0], people[min(1, len(people) - 1)]
    monday = now.date() - dt.timedelta(days=now.weekday() + 7)
    turns = Layer((engineer, owner) if len(people) > 1 else (owner,), dt.time(9), monday)
    schedule = set_schedule(
        name=_("Payments, on call"), zone=owner.zone, layers=[turns], owner=owner, by=by, now=now, sample=True
    )
    steps = [Step(schedule, 5), Step(owner, 10)] + [Step(person, 15) for person in people[2:3]]
    path = set_path(name=_("Payments, day and night"), steps=steps, by=by, now=now, sample=True)
    flows = {}
    for name, criticality, cost, users, stops in (
        ("Checkout", "critical", 6200, 900, _("Card payments in 220 shops.")),
        ("Payouts", "critical", 1200, 60, _("Shops do not get their money.")),
        ("Sign in", "critical", 900, 400, _("Nobody gets into the back office.")),
        ("Refunds", "important", 500, 40, _("Refunds wait until it works again.")),
        ("Reports", "minor", None, 20, _("Yesterday's figures come later.")),
    ):
        flows[name] = register_flow(
            name=name, criticality=criticality, cost_per_hour=cost, users_per_hour=users, stops=stops, owner=owner,
            technical_owner=engineer, path=path, by=by, now=now, sample=True,
            **(CHECKOUT if name == "Checkout" else {}),
        )  # fmt: skip
    return flows


CHECKOUT = {
    "peak_days": "567",
    "peak_from": 17,
    "peak_to": 24,
    "workaround": "Paying by bank transfer works.",
    "words_customers": "Card payments at checkout are failing for some shops.",
    "words_support": "You are right, card payments are failing. We have people on it now.",
}


def _map(flows: dict[str, Flow], people: list[User], *, by: Actor, now: dt.datetime) -> None:
    engineer = people[min(1, len(people) - 1)]
    parts = {
        name: add_component(
            name=name, owner=engineer, first_steps=STEPS if name == "Payments" else "", by=by, now=now, sample=True
        )
        for name in ("Payments", "Web shop", "Accounts", "Ledger", "Reporting")
    }
    cardgate = add_provider(
        name="CardGate", support_contact=_("priority desk, contract 4471"), phone="+49 30 5550 0200", by=by, now=now,
        sample=True,
    )  # fmt: skip
    mail = add_provider(name="Lettermill", support_contact="support@lettermill.example", by=by, now=now, sample=True)
    edges: list[tuple[Flow | Component, Component | Provider, bool]] = [
        (flows["Checkout"], parts["Web shop"], True), (flows["Checkout"], parts["Payments"], True),
        (flows["Payouts"], parts["Payments"], True), (flows["Payouts"], parts["Ledger"], True),
        (flows["Refunds"], parts["Payments"], True), (flows["Sign in"], parts["Accounts"], True),
        (flows["Reports"], parts["Reporting"], True), (parts["Payments"], cardgate, True),
        (parts["Payments"], parts["Ledger"], True), (parts["Reporting"], parts["Ledger"], False),
        (parts["Accounts"], mail, False),
    ]  # fmt: skip
    for needs, needed, hard in edges:
        add_dependency(needs=needs, needed=needed, hard=hard, by=by, now=now)


def remove_sample(*, by: Actor, now: dt.datetime) -> None:
    """Take away all that is marked as sample. What was played with it belongs to the rooms above."""
    with transaction.atomic():
        Change.objects.filter(Q(component__sample=True) | Q(flow__sample=True)).delete()
        for model, _label in SAMPLES:
            model._base_manager.filter(sample=True).delete()
        record(SAMPLE_REMOVED, by=by, now=now, subject="sample:1")
