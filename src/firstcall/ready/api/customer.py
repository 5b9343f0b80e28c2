"""Customers over the API: who uses us, and whom to ring there."""

from __future__ import annotations

from typing import Annotated

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from firstcall.kernel.refusal import Gone
from firstcall.people.api.caller import Needs
from firstcall.people.api.shapes import Person
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.queries.customer import customer_list, customer_numbered

router = Router(tags=["ready"])


class ContactOut(Schema):
    """A person at a customer."""

    name: str
    role: str
    email: str
    phone: str


class CustomerOut(Schema):
    """A customer. `key` is its number in another system; `flows` are slugs; null is 'not known'."""

    number: int = Field(alias="pk")
    name: str
    key: str
    tier: str
    contract: bool
    service_level: str
    minutes_a_month: int | None
    phone: str
    account_owner: Person | None
    flows: list[str]
    contacts: list[ContactOut]

    @staticmethod
    def resolve_flows(row: Customer) -> list[str]:
        return sorted(flow.slug for flow in row.flows.all())

    @staticmethod
    def resolve_contacts(row: Customer) -> list[Contact]:
        return list(row.contacts.all())


class CustomersOut(Schema):
    """Fifty a page, those with contracts first; `count` is how many were found."""

    count: int
    page: int
    pages: int
    customers: list[CustomerOut]


@router.get("/customers", response=CustomersOut, auth=Needs("read"), summary="Customers by name, fifty a page")
def customers(
    request: HttpRequest, name: str = "", tier: str = "", page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
) -> dict[str, object]:
    found = customer_list(text=name, tier=tier, page=page)
    prefetch_related_objects(found.rows, "contacts", "account_owner")
    return {"count": found.count, "page": found.number, "pages": found.pages, "customers": found.rows}


@router.get("/customers/{number}", response=CustomerOut, auth=Needs("read"), summary="One customer")
def customer(request: HttpRequest, number: int) -> Customer:
    found = customer_numbered(number)
    if found is None:
        raise Gone(_("There is no such customer."))
    return found
