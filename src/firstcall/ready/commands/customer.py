"""Customers and the people there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.kinds import Kind
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.setup import checked_phone
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import (
    CUSTOMER_ADDED,
    CUSTOMER_CHANGED,
    CUSTOMER_ENDED,
    CUSTOMER_PERSON_REMOVED,
    CUSTOMER_PERSON_SET,
)
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow

TEXTS = {"key": 80, "tier": 40, "service_level": 200, "phone": 32}  # characters
FORGOTTEN: dict[str, Any] = {"key": "", "phone": "", "contract": False, "account_owner_id": None}  # when one ends
FIELDS = frozenset({*TEXTS, "contract", "minutes_a_month", "account_owner"})
MONTH = 31 * 24 * 60  # minutes


def add_customer(
    *, name: str, flows: Collection[Flow], by: Actor, now: dt.datetime, sample: bool = False, **known: Any
) -> Customer:
    """A customer with the flows it uses. `known` are fields of Customer, see FIELDS.

    Raises Refused without a name, for one that is there already, and for a telephone number without digits.
    """
    with transaction.atomic():
        customer = Customer(sample=sample)
        _fill(customer, name, known)
        _count_as_confirmed(customer, by=by, now=now)
        customer.save()
        customer.flows.set(flows)
        _tell(CUSTOMER_ADDED, customer, by=by, now=now)
    return customer


def change_customer(
    *,
    customer: Customer,
    by: Actor,
    now: dt.datetime,
    name: str | None = None,
    flows: Collection[Flow] | None = None,
    **known: Any,
) -> Customer:
    """New facts of a customer; None leaves what is there. Raises Refused as adding does, and for one from a file."""
    refuse_from_file(customer)
    with transaction.atomic():
        _fill(customer, customer.name if name is None else name, known)
        _count_as_confirmed(customer, by=by, now=now)
        customer.save()
        if flows is not None:
            customer.flows.set(flows)
        _tell(CUSTOMER_CHANGED, customer, by=by, now=now)
    return customer


def _count_as_confirmed(customer: Customer, *, by: Actor, now: dt.datetime) -> None:
    for field, value in {"sketched": False, **by_saving(by=by, now=now)}.items():
        setattr(customer, field, value)


def _fill(customer: Customer, name: str, known: dict[str, Any]) -> None:
    unknown = known.keys() - FIELDS
    if unknown:
        raise ValueError(f"a customer has no {', '.join(sorted(unknown))}")
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Give the customer a name."), field="name")
    if Customer.objects.filter(name__iexact=name).exclude(pk=customer.pk or 0).exists():
        raise Refused(_("This customer is there already."), field="name")
    customer.name = name
    for field, most in TEXTS.items():
        if field in known:
            setattr(customer, field, " ".join(known[field].split())[:most])
    for field in ("contract", "account_owner", "minutes_a_month"):
        if field in known:
            setattr(customer, field, known[field])
    if "phone" in known:
        checked_phone(customer.phone)
    if customer.minutes_a_month is not None and customer.minutes_a_month > MONTH:
        raise Refused(_("A month has at most 44,640 minutes."), field="minutes_a_month")
    if customer.key and Customer.objects.filter(key=customer.key).exclude(pk=customer.pk or 0).exists():
        raise Refused(_("Another customer has this number already."), field="key")


def end_customer(*, customer: Customer, by: Actor, now: dt.datetime) -> None:
    """It is no customer any more: the people there, numbers and flows are forgotten, its reports keep the name.

    Ending it twice changes nothing. Raises Refused for one from a file.
    """
    refuse_from_file(customer)
    with transaction.atomic():
        row = Customer.objects.select_for_update().filter(pk=customer.pk).first()
        if row is None:
            return
        row.contacts.all().delete()
        row.flows.clear()
        for field, value in {**FORGOTTEN, "ended_at": now}.items():
            setattr(row, field, value)
        row.save()
        _tell(CUSTOMER_ENDED, row, by=by, now=now)


def set_contact(
    *,
    customer: Customer,
    name: str,
    by: Actor,
    now: dt.datetime,
    role: str = "",
    email: str = "",
    phone: str = "",
    contact: Contact | None = None,
) -> Contact:
    """A person at a customer, or new facts of `contact`. Raises Refused without a name, or for an address that is none.

    The people of a customer from a file are changed in that file.
    """
    refuse_from_file(customer)
    name, role, email, phone = (" ".join(text.split()) for text in (name, role, email, phone))
    if not name:
        raise Refused(_("Give the person a name."), field="name")
    checked_phone(phone)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(_("This is no mail address."), field="email") from None
    with transaction.atomic():
        row = contact or Contact(customer=customer)
        row.name, row.role, row.email, row.phone = name[:120], role[:80], email[:254], phone[:32]
        row.save()
        _tell(CUSTOMER_PERSON_SET, customer, by=by, now=now, contact=row.name)
    return row


def remove_contact(*, contact: Contact, by: Actor, now: dt.datetime) -> None:
    """They are not there any more. Raises Refused for a customer from a file."""
    refuse_from_file(contact.customer)
    with transaction.atomic():
        _tell(CUSTOMER_PERSON_REMOVED, contact.customer, by=by, now=now, contact=contact.name)
        contact.delete()


def _tell(kind: Kind, customer: Customer, *, by: Actor, now: dt.datetime, **more: Any) -> None:
    record(kind, by=by, now=now, subject=f"customer:{customer.pk}", name=customer.name, **more)
