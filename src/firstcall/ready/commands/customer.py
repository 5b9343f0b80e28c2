"""Customers and the people there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.events import CUSTOMER_ADDED, CUSTOMER_CHANGED
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow


def add_customer(
    *,
    name: str,
    flows: Sequence[Flow],
    by: Actor,
    now: dt.datetime,
    tier: str = "",
    contract: bool = False,
    phone: str = "",
    account_owner: User | None = None,
    sample: bool = False,
) -> Customer:
    """A customer with the flows it uses. Raises Refused without a name or for one that is there already."""
    name = name.strip()
    if not name:
        raise Refused(_("Give the customer a name."), field="name")
    with transaction.atomic():
        if Customer.objects.filter(name__iexact=name).exists():
            raise Refused(_("This customer is there already."), field="name")
        customer = Customer.objects.create(
            name=name[:120], tier=tier[:40], contract=contract, phone=phone[:32], account_owner=account_owner,
            sample=sample,
        )  # fmt: skip
        customer.flows.set(flows)
        record(CUSTOMER_ADDED, by=by, now=now, subject=f"customer:{customer.pk}", name=customer.name)
    return customer


def set_phone(*, customer: Customer, phone: str, by: Actor, now: dt.datetime) -> Customer:
    """The number to ring at night. Raises Refused for one without digits."""
    phone = " ".join(phone.split())[:32]
    if not any(sign.isdigit() for sign in phone):
        raise Refused(_("Write the telephone number."), field="phone")
    with transaction.atomic():
        customer.phone = phone
        customer.save(update_fields=["phone"])
        record(CUSTOMER_CHANGED, by=by, now=now, subject=f"customer:{customer.pk}", name=customer.name)
    return customer
