"""An account that uses flows, and the people there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.flow import Flow


class Customer(models.Model):
    """`contract`: we owe this customer something when it stops."""

    name = models.CharField(max_length=120, unique=True)
    tier = models.CharField(max_length=40, blank=True)
    contract = models.BooleanField(default=False)
    phone = models.CharField(max_length=32, blank=True)
    account_owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    flows = models.ManyToManyField(Flow, blank=True, related_name="customers")
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name
