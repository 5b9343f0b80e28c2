"""A choice with its options, and why one was taken."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class Decision(models.Model):
    """`options` is a list of {"title", "users", "data", "say"}; `chosen` is an option's index, None while open."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="decisions")
    question = models.CharField(max_length=200)
    options = models.JSONField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions_opened")
    opened_at = models.DateTimeField()
    look_again_at = models.DateTimeField(null=True)
    chosen = models.PositiveSmallIntegerField(null=True)
    why = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="decisions_made")

    class Meta:
        indexes = [
            models.Index(fields=["look_again_at"], name="decision_open", condition=models.Q(decided_at=None)),
        ]

    @property
    def chosen_option(self) -> dict[str, str] | None:
        """The option taken, None while open."""
        return None if self.chosen is None else self.options[self.chosen]
