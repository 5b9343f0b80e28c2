"""An account that uses flows, and the people there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.flow import Flow
from firstcall.ready.models.prepared import Prepared


class Living(models.Manager["Customer"]):
    """Customers that have not ended: what every list, count and relation reads."""

    def get_queryset(self) -> models.QuerySet[Customer]:
        return super().get_queryset().filter(ended_at=None)


class Customer(Prepared):
    """`contract`: we owe this customer something when it stops. `key` is its number in another system, '' for none.

    `service_level` is what was agreed, in words; `minutes_a_month` how long it may stand still, null while not known.
    One that ended keeps only its name, for what it once reported; `objects` leaves it out.
    """

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=80, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    contract = models.BooleanField(default=False)
    service_level = models.CharField(max_length=200, blank=True)
    minutes_a_month = models.PositiveIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    account_owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    flows = models.ManyToManyField(Flow, blank=True, related_name="customers")
    sample = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = Living()
    everybody = models.Manager["Customer"]()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="customer_key_once", condition=~models.Q(key="")),
            models.UniqueConstraint(fields=["name"], name="customer_name_once", condition=models.Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name
