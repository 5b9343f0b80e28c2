"""Customers who may be hit by an incident."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, Q, QuerySet

from firstcall.ready.models.customer import Customer
from firstcall.respond.models.incident import Incident

MOST = 60


def may_be_hit(incident: Incident, *, likely: Collection[int] = (), named: str = "") -> list[Customer]:
    """Customers of its flow, the `likely` ones, and those whose name has `named` in it: contracts first, then by name.

    Sixty at most and one more, which says that there are more. One statement.
    """
    likely_ones = Q(pk__in=list(likely))
    of_flow = Q(pk__in=Customer.flows.through.objects.filter(flow=incident.flow_id).values("customer"))
    wanted = likely_ones | Q(name__icontains=named) if named else likely_ones | of_flow
    return list(Customer.objects.filter(wanted).order_by("-contract", "name")[: MOST + 1])


def customers_hit(incident: Incident) -> list[Customer]:
    """Those a person named, by name. One statement."""
    return list(incident.hit.order_by("name"))


def hit_or_using(incident: Incident) -> QuerySet[Customer]:
    """Whom it hits as far as anybody knows: those a person named; while nobody is named, those who use its flow."""
    named = Incident.hit.through.objects.filter(incident=incident.pk, customer__ended_at=None)
    using = Customer.flows.through.objects.filter(flow=incident.flow_id)
    is_named, uses = Q(pk__in=named.values("customer")), Q(pk__in=using.values("customer"))
    return Customer.objects.filter(is_named | (uses & ~Exists(named)))


@dataclass(frozen=True, slots=True)
class Hit:
    """Whom it hits: `named` by a person, by name, and `others` in no list.

    `customers` are those named, else those who use the flow (0: not known); `contracts` of them have one; `all` are
    the customers there are. Who ended counts in none.
    """

    named: tuple[str, ...]
    others: str
    customers: int
    contracts: int
    all: int

    @property
    def scale(self) -> str:
        """'41 of 220'; empty while no customer is named or listed for the flow: that is not known, and not nobody."""
        return f"{self.customers:,} of {self.all:,}" if self.customers else ""


def hit_of(incident: Incident) -> Hit:
    """What every screen and every draft says of who is hit. Two statements."""
    named = customers_hit(incident)
    hit = Q(pk__in=hit_or_using(incident).values("pk"))
    counts = Customer.objects.aggregate(
        all=Count("pk"), customers=Count("pk", filter=hit), contracts=Count("pk", filter=hit & Q(contract=True))
    )
    return Hit(tuple(one.name for one in named), incident.hit_others, **counts)
