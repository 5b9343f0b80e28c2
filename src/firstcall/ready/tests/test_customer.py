"""Customers: found, noted, changed, ended; the people there; what one page says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import Access
from firstcall.ready.commands.customer import add_customer, change_customer, end_customer, set_contact
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.customer import customer_list
from tests.cast import Cast, make_person

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


@pytest.fixture
def checkout() -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout")


@pytest.fixture
def bakery(checkout: Flow) -> Customer:
    row = add_customer(name="Bakery Union", flows=[checkout], contract=True, key="42", phone="+49 30 5550", **SAY)
    set_contact(customer=row, name="Eve", role="buyer", phone="+49 30 1", email="eve@example.com", **SAY)
    return row


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "bakery union"}, "name"),
        ({"name": "Kiosk", "phone": "later"}, "phone"),
        ({"name": "Kiosk", "key": "42"}, "key"),
        ({"name": "Kiosk", "minutes_a_month": 44_641}, "minutes_a_month"),
    ],
)
def test_a_refusal_leaves_nothing(bakery: Customer, facts: dict[str, Any], field: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        add_customer(flows=[], **facts, **SAY)
    assert refused.value.field == field
    assert Customer.objects.count() == 1 and Entry.objects.count() == before


def test_a_change_leaves_what_is_not_said(bakery: Customer, checkout: Flow) -> None:
    change_customer(customer=bakery, tier=" gold ", **SAY)
    row = Customer.objects.get()
    assert (row.name, row.tier, row.phone, row.contract, list(row.flows.all())) == (
        "Bakery Union", "gold", "+49 30 5550", True, [checkout],
    )  # fmt: skip
    change_customer(customer=row, name="Bakery Union", flows=[], **SAY)
    assert list(row.flows.all()) == []


def test_one_that_ended_keeps_its_name_alone(bakery: Customer) -> None:
    end_customer(customer=bakery, **SAY)
    end_customer(customer=bakery, **SAY)
    assert Customer.objects.count() == 0 and Contact.objects.count() == 0
    kept = Customer.everybody.get(pk=bakery.pk)
    assert (kept.name, kept.phone, kept.key, kept.contract, kept.flows.count()) == ("Bakery Union", "", "", False, 0)
    assert Entry.objects.filter(kind="customer.ended").count() == 1
    again = add_customer(name="Bakery Union", flows=[], key="42", **SAY)
    assert Customer.objects.get() == again


@pytest.mark.parametrize(("facts", "field"), [({"name": ""}, "name"), ({"name": "Dana", "email": "no"}, "email"),
                                              ({"name": "Dana", "phone": "x"}, "phone")])  # fmt: skip
def test_a_person_there_has_a_name_and_true_addresses(bakery: Customer, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        set_contact(customer=bakery, **facts, **SAY)
    assert refused.value.field == field
    assert [one.name for one in bakery.contacts.all()] == ["Eve"]


def test_the_list_is_searched_by_name_and_tier_and_paged(
    client: Client, checkout: Flow, django_assert_num_queries: Any
) -> None:
    assert "Nobody is noted yet" in client.get("/flows/customers/").content.decode()
    Customer.objects.bulk_create(Customer(name=f"Shop {n:03}", tier="gold" if n % 2 else "") for n in range(120))
    with django_assert_num_queries(4):
        found = customer_list(text="shop 0", tier="gold", page=2)
    assert (found.all, found.count, found.number, found.pages, found.tiers) == (120, 50, 1, 1, ["gold"])
    assert customer_list(page=99).number == 3
    assert [row.name for row in customer_list(page=2).rows][:1] == ["Shop 050"]
    page = client.get("/flows/customers/?page=2&tier=&q=shop").content.decode()
    assert "Page 2 of 3" in page and "Shop 099" in page and "Shop 100" not in page
    assert client.get("/flows/customers/?page=x").status_code == 200
    assert "Nobody of that name." in client.get("/flows/customers/?q=zz").content.decode()


def test_the_page_says_whom_to_ring_and_what_was_agreed(client: Client, cast: Cast, bakery: Customer) -> None:
    change_customer(customer=bakery, minutes_a_month=43, service_level="99.9 %", account_owner=cast.cleo, **SAY)
    page = client.get(f"/flows/customers/{bakery.pk}/").content.decode()
    for words in ('href="tel:+49 30 5550"', 'href="tel:+49 30 1"', 'href="mailto:eve@example.com"', "99.9 %", "Cleo",
                  'href="/flows/checkout/"', "43 min are agreed", "not at all"):  # fmt: skip
        assert words in page
    assert client.get("/flows/customers/987654/").status_code == 404


def test_forms_note_change_and_end(client: Client, checkout: Flow) -> None:
    sent = {"name": "Kiosk", "phone": "1", "flows": [checkout.pk], "tier": "free"}
    row_page = client.post("/flows/customers/new/", sent).headers["Location"]
    row = Customer.objects.get()
    assert row_page == f"/flows/customers/{row.pk}/" and list(row.flows.all()) == [checkout]
    assert client.post(f"{row_page}edit/", {**sent, "name": ""}).status_code == 422
    client.post(f"{row_page}edit/", {**sent, "name": "Kiosk North"})
    client.post(f"{row_page}people/", {"name": "Eve", "phone": "2"})
    person = Contact.objects.get()
    client.post(f"/flows/customers/people/{person.pk}/", {"name": "Eve", "role": "buyer"})
    person.refresh_from_db()
    assert (person.role, person.phone) == ("buyer", "")
    assert client.post(f"{row_page}people/", {"name": ""}).status_code == 422
    client.post(f"/flows/customers/people/{person.pk}/remove/")
    client.post(f"{row_page}end/")
    assert (Customer.objects.count(), Contact.objects.count()) == (0, 0)
    told = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert told == [
        "customer.added", "customer.changed", "customer.person_set", "customer.person_set", "customer.person_removed",
        "customer.ended",
    ]  # fmt: skip


def test_support_reads_and_changes_nothing(bakery: Customer) -> None:
    client = Client()
    client.force_login(make_person("Cleo", Access.SUPPORT))
    page = client.get(f"/flows/customers/{bakery.pk}/").content.decode()
    assert "Change" not in page and "Add a person" not in page and 'href="tel:+49 30 5550"' in page
    assert client.post(f"/flows/customers/{bakery.pk}/end/").status_code == 403
    assert Customer.objects.count() == 1


def test_the_api_tells_one_and_all(client: Client, bakery: Customer, checkout: Flow) -> None:
    found = client.get("/api/v1/customers?name=bakery").json()
    assert (found["count"], found["page"], found["pages"]) == (1, 1, 1)
    (one,) = found["customers"]
    assert one == client.get(f"/api/v1/customers/{bakery.pk}").json()
    assert (one["number"], one["key"], one["flows"], one["account_owner"], one["contacts"]) == (
        bakery.pk, "42", ["checkout"], None,
        [{"name": "Eve", "role": "buyer", "email": "eve@example.com", "phone": "+49 30 1"}],
    )  # fmt: skip
    assert client.get("/api/v1/customers/987654").status_code == 404
    assert client.get("/api/v1/customers?page=0").status_code == 422
