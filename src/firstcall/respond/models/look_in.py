"""The agreed moment to ask the engineers whether they have what they need, and whether the severity still holds."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class LookIn(models.Model):
    """One look-in that came due at `due_at`, asked of the technical lead of that moment.

    `blocked` says what was answered: something is missing. `late_at` is when it had waited five minutes. `kept_at` is
    when somebody said that the severity still holds. `ended_at`: answered, or the next one took its place.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="look_ins")
    asked = models.ForeignKey(User, on_delete=models.PROTECT, related_name="look_ins")
    due_at = models.DateTimeField()
    late_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="look_ins_answered")
    blocked = models.BooleanField(default=False)
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(ended_at=None), name="one_open_look_in_an_incident"
            ),
        ]
