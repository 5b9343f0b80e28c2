"""'Are you all right, shall someone relieve you?', asked of people who work on one incident for hours."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class CareAnswer(models.TextChoices):
    """What the person said."""

    FINE = "fine", _("all right")
    RELIEF = "relief", _("wants to be relieved")


class CareCheck(models.Model):
    """Asked at `asked_at` of somebody at work since `since`. `seen_at`: somebody saw to food and rest.

    `ended_at`: answered that all is well, relieved, left, or asked again.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="care_checks")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="care_checks")
    since = models.DateTimeField()
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=CareAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="care_seen")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "user"], condition=models.Q(ended_at=None), name="one_open_care_check_a_person"
            ),
        ]
