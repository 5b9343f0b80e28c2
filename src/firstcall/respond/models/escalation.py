"""A run of an escalation path."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class EscalationState(models.TextChoices):
    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"  # every step ran and nobody answered: all admins are told
    ENDED = "ended"  # stopped with its incident


class Escalation(models.Model):
    """One run with its own frozen copy of the plan, so that editing the path never changes a run under way.

    `plan` is {"path": name, "steps": [{"wait_minutes", "schedule", "user"}], "lanes": […]}, see `frozen_plan`; a step
    made on the fly is `by_name` too, and breaks quiet hours;
    `lanes_opened` are the indexes of those that opened. `generation` counts the runs of one
    incident from 1. `step` is the index of the last step that ran, -1 before the first. `next_at` is when the next
    step is due, or when the last one's wait is over.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="escalations")
    plan = models.JSONField()
    generation = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=EscalationState.choices, default=EscalationState.RUNNING)
    step = models.SmallIntegerField(default=-1)
    started_at = models.DateTimeField()
    lanes_opened = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="acknowledgements")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "generation"], name="one_escalation_a_generation"),
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(state="running"), name="one_running_escalation"
            ),
        ]
