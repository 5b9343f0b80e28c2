"""Words sent: what an audience was told, when, and when it hears again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident, State


class Audience(models.TextChoices):
    """For whom words are."""

    INSIDE = "inside", _("Team")
    SUPPORT = "support", _("Support")
    LEADERSHIP = "leadership", _("Leadership")
    PUBLIC = "public", _("Public")


class Update(models.Model):
    """One text to one audience. Texts posted together share `number`, which counts from 1 in an incident.

    `state` and `severity` are what was said then: a public update's are the public state, whatever the room does after.
    `overruled` are marks of the wording check that were sent all the same: [{"mark", "text"}]. `repair_at` is a time of
    repair that was given, never without its `repair_basis`.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    number = models.PositiveIntegerField()
    audience = models.CharField(max_length=10, choices=Audience.choices)
    text = models.TextField()
    state = models.CharField(max_length=13, choices=State.choices)
    severity = models.PositiveSmallIntegerField()
    next_due_at = models.DateTimeField(null=True)
    holding = models.BooleanField(default=False)
    overruled = models.JSONField(default=list)
    repair_at = models.DateTimeField(null=True)
    repair_basis = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["number", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number", "audience"], name="one_text_an_audience"),
            models.CheckConstraint(
                name="a_time_of_repair_has_a_basis",
                condition=models.Q(repair_at__isnull=True) | ~models.Q(repair_basis=""),
            ),
        ]
        indexes = [models.Index(fields=["audience", "at"], name="update_by_audience")]
