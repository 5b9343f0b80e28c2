"""Who would do what in an incident, named before the night, and who has taken it upon them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.people.models.team import Team
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.prepared import Prepared
from firstcall.ready.models.schedule import Schedule


class Duty(Prepared):
    """One role, of a flow, a team, or (both null) the whole organisation: a person or whoever is on call, and a deputy.

    `role` is one of the severity table's. `windows` are the hours of the organisation's zone in which it counts, none:
    always, stored as a layer's are.
    """

    role = models.CharField(max_length=20)
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.CASCADE, related_name="duties")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="duties")
    windows = models.JSONField(default=list, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="duties"
    )
    schedule = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.CASCADE, related_name="duties")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="duties_as_deputy"
    )
    deputy_schedule = models.ForeignKey(
        Schedule, null=True, blank=True, on_delete=models.SET_NULL, related_name="duties_as_deputy"
    )
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["role", "id"]
        constraints = [
            models.CheckConstraint(
                name="duty_one_holder",
                condition=models.Q(schedule__isnull=False, user__isnull=True)
                | models.Q(schedule__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(
                name="duty_one_deputy",
                condition=models.Q(deputy__isnull=True) | models.Q(deputy_schedule__isnull=True),
            ),
            models.CheckConstraint(
                name="duty_one_place", condition=models.Q(flow__isnull=True) | models.Q(team__isnull=True)
            ),
        ]


class Acceptance(models.Model):
    """'I take this': a person of a duty, when they were asked, and when they said so. A changed duty has none."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances")
    asked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "user"], name="acceptance_once")]
