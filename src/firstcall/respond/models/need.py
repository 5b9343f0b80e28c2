"""What someone in the incident lacks."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class Need(models.Model):
    """`with_whom` was asked for it; `due_at` is when it turns late. Met, or dropped with `reason`."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="needs")
    what = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="needs_asked")
    with_whom = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="needs_held")
    blocks = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="needs_met")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="need_open", condition=models.Q(met_at=None)),
        ]
