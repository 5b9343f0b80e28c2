"""A provider to ring in an incident."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.ready.models.provider import Provider
from firstcall.respond.models.incident import Incident


class Ring(models.Model):
    """`asked` was told to ring it (None: nobody was there, the owner does); `rung_at` says that somebody has."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="rings")
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="rings")
    asked = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="rings_asked")
    asked_at = models.DateTimeField()
    rung_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="rings_made")
    rung_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "provider"], name="ring_once")]
