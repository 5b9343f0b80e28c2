"""A change of hands: a role offered with a few words, until the next person accepts it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role


class HandoverAnswer(models.TextChoices):
    """How it ended."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class Handover(models.Model):
    """`giver` keeps the role until `taker` accepts. `late_at` is when the offer had waited five minutes."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="handovers")
    role = models.CharField(max_length=20, choices=Role.choices)
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_given")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_taken")
    note = models.TextField()
    offered_at = models.DateTimeField()
    late_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=9, choices=HandoverAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role"], condition=models.Q(answered_at=None), name="one_open_handover_a_role"
            ),
        ]
