"""What a person saw: a customer on the telephone, support, an engineer."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.detect.rules.symptom import SYMPTOMS
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow


class Report(models.Model):
    """`who` is the person who saw it, by name, `phone` their number; `by` the account that wrote it down.

    `picture` is a screenshot. `apart`: somebody said that no incident open at the time is about it.
    """

    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.SET_NULL)
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL)
    symptom = models.CharField(max_length=12, choices=list(SYMPTOMS.items()), blank=True)
    since = models.DateTimeField(null=True, blank=True)
    seen = models.TextField()
    stands_still = models.TextField(blank=True)
    error = models.TextField(blank=True)
    who = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    picture = models.FileField(upload_to="reports/%Y/%m", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()
    incident = models.BigIntegerField(null=True)
    apart = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["incident"], name="report_by_incident")]
