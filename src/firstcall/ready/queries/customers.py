"""Who uses what."""

from __future__ import annotations

from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow


def customers_of(flow: Flow) -> list[Customer]:
    """The customers of a flow, those with contracts first. One statement."""
    return list(flow.customers.order_by("-contract", "name"))


def customers_named(text: str, *, at_most: int = 8) -> list[Customer]:
    """Customers whose name has `text` in it, for finding one while it is typed. Two statements."""
    rows = Customer.objects.filter(name__icontains=text.strip()) if text.strip() else Customer.objects.none()
    return list(rows.prefetch_related("flows")[:at_most])
