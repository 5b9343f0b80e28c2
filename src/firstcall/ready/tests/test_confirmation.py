"""What was prepared is said to hold until a day, and asked again after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstcall.deliver.kinds import Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.component import add_component, add_provider
from firstcall.ready.commands.confirmation import ask_to_confirm, confirm
from firstcall.ready.commands.customer import add_customer, change_customer
from firstcall.ready.commands.flow import change_flow, register_flow
from firstcall.ready.commands.part import change_part
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.commands.sketch import keep_sketch
from firstcall.ready.handlers.confirmation import confirm_mail
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.queries.confirmation import Contracts, all_kept, contracts, due_for, kept_called, to_confirm
from firstcall.ready.queries.readiness import Seen, readiness
from firstcall.ready.rules.sketch import SKETCHES
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
TODAY, DAY = NOW.date(), dt.timedelta(days=1)


@pytest.fixture
def checkout(cast: Cast) -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", owner=cast.ada, sketched=True)


def test_it_holds_for_ninety_days_and_is_then_asked_again(cast: Cast, checkout: Flow) -> None:
    confirm(row=checkout, by=actor_of(cast.ada), now=NOW)
    checkout.refresh_from_db()
    assert (checkout.confirm_by, checkout.sketched) == (TODAY + 90 * DAY, False)
    assert [one.kind for one in Entry.objects.filter(subject=f"flow:{checkout.pk}")] == ["prepared.confirmed"]
    assert due_for(cast.ada, today=TODAY + 90 * DAY) == []
    assert [one.row for one in due_for(cast.ada, today=TODAY + 91 * DAY)] == [checkout]
    keys = {hole.key for hole in readiness(seen=Seen(1), now=NOW).holes}
    later = {hole.key for hole in readiness(seen=Seen(1), now=NOW + 91 * DAY).holes}
    assert ("confirm:checkout" in keys, "confirm:checkout" in later) == (False, True)


@pytest.mark.parametrize(("days", "sentence"), [(0, "still to come"), (-1, "still to come"), (367, "within a year")])
def test_a_day_that_is_over_or_too_far_is_refused(cast: Cast, checkout: Flow, days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        confirm(row=checkout, until=TODAY + days * DAY, by=actor_of(cast.ada), now=NOW)
    checkout.refresh_from_db()
    assert (refused.value.field, checkout.confirm_by, checkout.sketched) == ("until", None, True)
    assert not Entry.objects.filter(kind="prepared.confirmed").exists()


def test_the_page_says_what_is_mine_and_what_is_nobodys(
    client: Client, cast: Cast, checkout: Flow, django_assert_max_num_queries: Any
) -> None:
    gate = Provider.objects.create(slug="cardgate", name="CardGate")
    client.force_login(cast.ada)
    with django_assert_max_num_queries(12):
        page = client.get("/ready/confirm/").content.decode()
    assert page.index("Yours") < page.index("Checkout") < page.index("Nobody’s") < page.index("CardGate")
    assert client.post(f"/ready/confirm/provider/{gate.pk}/").status_code == 302
    assert client.post(f"/ready/confirm/flow/{checkout.pk}/", {"until": "2026-12-24"}).status_code == 302
    assert [one.row.confirm_by for one in all_kept(today=TODAY)] == [dt.date(2026, 12, 24), TODAY + 90 * DAY]
    assert "Nothing waits to be confirmed." in client.get("/ready/confirm/").content.decode()


@pytest.mark.parametrize("until", ["soon", "2026-99-99"])
def test_what_is_no_day_is_refused(client: Client, cast: Cast, checkout: Flow, until: str) -> None:
    client.force_login(cast.ada)
    page = client.post(f"/ready/confirm/flow/{checkout.pk}/", {"until": until}, follow=True)
    checkout.refresh_from_db()
    assert ("Choose a day." in page.content.decode(), checkout.confirm_by) == (True, None)


def test_what_there_is_not_is_not_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert client.post("/ready/confirm/user/1/").status_code == 404
    assert client.post("/ready/confirm/flow/999/").status_code == 404


def test_many_things_get_an_owner_at_once_or_none_does(cast: Cast, checkout: Flow) -> None:
    gate = Provider.objects.create(slug="cardgate", name="CardGate")
    filed = Provider.objects.create(slug="mailrun", name="Mailrun", origin="catalog.yaml")
    client = Client()
    client.force_login(cast.ada)
    ticked = {"rows": [f"flow:{checkout.pk}", f"provider:{gate.pk}"], "owner": cast.ben.pk}
    assert "They are Ben’s now." in client.post("/ready/confirm/owner/", ticked, follow=True).content.decode()
    checkout.refresh_from_db()
    gate.refresh_from_db()
    assert (checkout.owner, gate.owner) == (cast.ben, cast.ben)
    for refused, sentence in (
        ({**ticked, "owner": ""}, "Choose whose they are."),
        ({"owner": cast.ada.pk}, "Tick what you give away."),
        (
            {"rows": [f"provider:{gate.pk}", f"provider:{filed.pk}"], "owner": cast.ada.pk},
            "This comes from catalog.yaml",
        ),
    ):
        assert sentence in client.post("/ready/confirm/owner/", refused, follow=True).content.decode()
    gate.refresh_from_db()
    assert (gate.owner, Entry.objects.filter(kind="prepared.given").count()) == (cast.ben, 1)


def test_of_many_customers_the_first_are_read_and_the_rest_counted(
    cast: Cast, checkout: Flow, django_assert_max_num_queries: Any
) -> None:
    User.objects.filter(pk=cast.eve.pk).update(is_active=False)
    owners = {"a": cast.ada, "b": cast.ben, "e": cast.eve, "n": None}
    Customer.objects.bulk_create(
        Customer(
            name=f"Shop {whose}{n}", contract=n != 5, account_owner=owner, phone="1" if n else "",
            confirm_by=TODAY if n == 1 else None, origin="crm.yaml" if n == 2 else "",
        )
        for whose, owner in owners.items()
        for n in range(6)
    )  # fmt: skip
    assert contracts(today=TODAY) == [
        Contracts(0, "", 10, 8, 2, "Shop e0", "Shop e0"),
        Contracts(cast.ada.pk, "Ada", 5, 4, 1, "Shop a0", "Shop a0"),
        Contracts(cast.ben.pk, "Ben", 5, 4, 1, "Shop b0", "Shop b0"),
    ]
    with django_assert_max_num_queries(10):
        found = to_confirm(cast.ada, today=TODAY, at_most=3, unowned=4)
    told = [([str(one.row) for one in group.rows], group.count) for group in (found.mine, found.nobodys, found.others)]
    assert told == [
        (["Checkout", "Shop a0", "Shop a2"], 5), (["Shop e0", "Shop e2", "Shop e3"], 8),
        (["Shop b0", "Shop b2", "Shop b3"], 4),
    ]  # fmt: skip
    assert ([str(one.row) for one in found.unowned], found.count) == (["Shop e0", "Shop e1", "Shop e3", "Shop e4"], 17)
    assert [str(one.row) for one in due_for(cast.ada, today=TODAY)] == [
        "Checkout", "Shop a0", "Shop a2", "Shop a3", "Shop a4",
    ]  # fmt: skip
    with django_assert_max_num_queries(23):
        holes = {hole.key: hole for hole in readiness(seen=Seen(1), now=NOW).holes}
    assert {plain(hole.sentence) for key, hole in holes.items() if key.startswith(("owed:", "phone:"))} == {
        "10 things that we prepared have no owner, among them Shop e0.",
        "Ada is to say of 4 things whether they still hold.", "Ben is to say of 4 things whether they still hold.",
        *(f"Shop {whose}0 has a contract but no telephone number." for whose in owners),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["flow:", "flow:x", "flow:99999999999999999999", "user:1", ":1", "flow:-1", ""])
def test_what_is_named_wrongly_is_left_out(checkout: Flow, name: str) -> None:
    assert kept_called([name, f"flow:{checkout.pk}"]) == [checkout]


SAVES: dict[str, Callable[[Cast, Actor], Any]] = {
    "a new flow": lambda cast, by: register_flow(name="Payouts", by=by, now=NOW),
    "a flow": lambda cast, by: change_flow(flow=aged(Flow, slug="payouts"), stops="Money waits.", by=by, now=NOW),
    "a new part": lambda cast, by: add_component(name="Ledger", by=by, now=NOW),
    "a part": lambda cast, by: changed_part(aged(Component, slug="ledger"), by),
    "a new provider": lambda cast, by: add_provider(name="CardGate", by=by, now=NOW),
    "a provider": lambda cast, by: changed_part(aged(Provider, slug="cardgate"), by),
    "a new schedule": lambda cast, by: saved_schedule(cast, by, None),
    "a schedule": lambda cast, by: saved_schedule(cast, by, aged(Schedule, zone="UTC")),
    "a new path": lambda cast, by: set_path(name="Day", steps=[Step(cast.ben)], by=by, now=NOW),
    "a path": lambda cast, by: set_path(name="Day", steps=[Step(cast.ben)], path=aged(EscalationPath), by=by, now=NOW),
    "a new customer": lambda cast, by: add_customer(name="Bakery Union", flows=[], by=by, now=NOW),
    "a customer": lambda cast, by: change_customer(customer=aged(Customer, contract=True), phone="1", by=by, now=NOW),
}


def aged(model: type[Any], **facts: Any) -> Any:
    """One whose day is over, and that is but a sketch."""
    return model.objects.create(name="Old", confirm_by=TODAY - DAY, sketched=True, **facts)


def changed_part(part: Component | Provider, by: Actor) -> Component | Provider:
    change_part(part=part, first_steps="Roll back.", by=by, now=NOW)
    return part


def saved_schedule(cast: Cast, by: Actor, row: Schedule | None) -> Schedule:
    layers = [Layer((cast.ben,), dt.time(9), TODAY)]
    return set_schedule(name="Nights", zone="UTC", layers=layers, schedule=row, by=by, now=NOW)


@pytest.mark.parametrize("what", SAVES)
def test_whoever_saves_says_that_it_holds_and_a_machine_does_not(cast: Cast, what: str) -> None:
    row = SAVES[what](cast, actor_of(cast.ada))
    row.refresh_from_db()
    assert (row.confirm_by, row.sketched) == (TODAY + 90 * DAY, False)
    assert due_for(cast.ada, today=TODAY) == []
    type(row).objects.all().delete()
    row = SAVES[what](cast, MACHINE)
    row.refresh_from_db()
    assert row.confirm_by == (None if "new" in what else TODAY - DAY)


def test_what_a_sketch_said_is_asked_although_somebody_kept_it(cast: Cast) -> None:
    sketch = next(one for one in SKETCHES if one.key == "shop")
    keep_sketch(sketch=sketch, names={"checkout": "Checkout", "orders": "Orders"}, by=actor_of(cast.ada), now=NOW)
    assert [(row.confirm_by, row.sketched) for row in (Flow.objects.get(), Component.objects.get())] == [
        (None, True)
    ] * 2


@pytest.mark.parametrize(("days", "asked"), [(None, True), (-1, True), (14, True), (15, False), (90, False)])
def test_a_page_asks_when_it_is_time(client: Client, cast: Cast, days: int | None, asked: bool) -> None:
    day = None if days is None else TODAY + days * DAY
    Customer.objects.create(name="Bakery Union", contract=True, confirm_by=day)
    night = Schedule.objects.create(name="Nights", zone="UTC", confirm_by=day)
    flow = Flow.objects.create(slug="payouts", name="Payouts", confirm_by=day)
    client.force_login(cast.ada)
    for page in (f"/customers/{Customer.objects.get().pk}/", f"/oncall/{night.pk}/", f"/flows/{flow.slug}/"):
        page = page.replace("/customers/", "/flows/customers/")
        assert ("It still holds" in client.get(page).content.decode()) == asked, page


MONDAY = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)  # 09:30 in Berlin


@pytest.fixture
def owed(cast: Cast, checkout: Flow) -> Provider:
    """Ada has a flow and a provider to confirm; Ben has nothing."""
    return Provider.objects.create(slug="cardgate", name="CardGate", owner=cast.ada)


def test_owners_are_asked_once_a_week_by_mail(cast: Cast, owed: Provider) -> None:
    assert ask_to_confirm(now=MONDAY) == 1
    assert ask_to_confirm(now=MONDAY + dt.timedelta(hours=3)) == 0
    job = Job.objects.get()
    assert (job.payload["person"], Entry.objects.get(kind="confirmation.asked").facts.data["n"]) == (cast.ada.pk, 2)
    mail = confirm_mail(job, now=MONDAY)
    assert isinstance(mail, Parcel)
    assert (mail.to, mail.subject) == ("ada@example.com", "Do these still hold? 2 things")
    assert "- Checkout\n- CardGate\n" in mail.text
    assert "/ready/confirm/" in mail.text and "/profile/" in mail.text
    assert ask_to_confirm(now=MONDAY + 7 * DAY) == 1


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (MONDAY - dt.timedelta(minutes=31), {}),  # 08:59 by Ada's clock
        (MONDAY + DAY, {}),
        (MONDAY, {"confirm_mail": False}),
        (MONDAY, {"is_active": False}),
        (MONDAY, {"sample": True}),
        (MONDAY, {"zone": "America/New_York"}),
    ],
)
def test_nobody_is_asked_out_of_turn(cast: Cast, owed: Provider, now: dt.datetime, change: dict[str, Any]) -> None:
    User.objects.filter(pk=cast.ada.pk).update(**change)
    assert (ask_to_confirm(now=now), Job.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_nothing_due_is_no_mail_even_when_it_was_planned(cast: Cast, owed: Provider) -> None:
    ask_to_confirm(now=MONDAY)
    for row in (Flow.objects.get(), owed):
        confirm(row=row, by=actor_of(cast.ada), now=NOW)
    assert isinstance(confirm_mail(Job.objects.get(), now=MONDAY), Skip)
    assert ask_to_confirm(now=MONDAY + 7 * DAY) == 0


def test_a_tick_in_the_profile_ends_the_mail(client: Client, cast: Cast, owed: Provider) -> None:
    client.force_login(cast.ada)
    assert "Mail me on Mondays what I have to confirm" in client.get("/profile/").content.decode()
    client.post("/profile/", {"name": "Ada", "zone": "Europe/Berlin"})
    assert not User.objects.get(pk=cast.ada.pk).confirm_mail
    assert ask_to_confirm(now=MONDAY) == 0
    client.post("/profile/", {"name": "Ada", "zone": "Europe/Berlin", "confirm_mail": "on"})
    assert ask_to_confirm(now=MONDAY) == 1
