"""A promise to ring a customer."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.ready.models.customer import Customer
from firstcall.respond.models.incident import Incident


class CallBack(models.Model):
    """`owner` rings `customer_name` by `due_at`; `done_at` says it was kept. `report` is the report's id in detect."""

    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="call_backs")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="call_backs")
    customer_name = models.CharField(max_length=160)
    phone = models.CharField(max_length=32, blank=True)
    report = models.BigIntegerField(null=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="call_backs")
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="call_back_open", condition=models.Q(done_at=None)),
        ]
