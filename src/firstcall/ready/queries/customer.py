"""Who uses what."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count

from firstcall.ready.models.customer import Customer

PAGE = 50


def customers_named(text: str, *, at_most: int = 8) -> list[Customer]:
    """Customers whose name has `text` in it, for finding one while it is typed. Two statements."""
    rows = Customer.objects.filter(name__icontains=text.strip()) if text.strip() else Customer.objects.none()
    return list(rows.prefetch_related("flows")[:at_most])


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One page of the list. `count` is how many were found, `all` how many there are, `tiers` which tiers there are."""

    rows: list[Customer]
    count: int
    all: int
    tiers: list[str]
    number: int
    pages: int


def customer_list(*, text: str = "", tier: str = "", page: int = 1) -> CustomerList:
    """Customers by name, those with contracts first, fifty a page; a page too far is the last. Four statements."""
    tiers = list(Customer.objects.values("tier").annotate(n=Count("pk")).order_by("tier").values_list("tier", "n"))
    rows = Customer.objects.order_by("-contract", "name", "pk").prefetch_related("flows")
    if text.strip():
        rows = rows.filter(name__icontains=text.strip())
    if tier:
        rows = rows.filter(tier=tier)
    pages = Paginator(rows, PAGE)
    found = pages.get_page(page)
    return CustomerList(
        list(found.object_list), pages.count, sum(n for _tier, n in tiers), [name for name, _n in tiers if name],
        found.number, pages.num_pages,
    )  # fmt: skip


def customer_numbered(number: int) -> Customer | None:
    """One customer with its people and its flows; None also for one that ended. Three statements."""
    rows = Customer.objects.select_related("account_owner").prefetch_related("contacts", "flows")
    return rows.filter(pk=number).first()
