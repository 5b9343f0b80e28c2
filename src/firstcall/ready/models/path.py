"""The escalation path: who is told first, and who after that."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.prepared import Prepared
from firstcall.ready.models.schedule import Schedule


class EscalationPath(Prepared):
    """A plan. A running escalation has its own frozen copy."""

    name = models.CharField(max_length=120, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="paths_owned"
    )
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """Whom to page, and how many minutes to wait for an answer before the next step; 0: both are paged at once."""

    path = models.ForeignKey(EscalationPath, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    wait_minutes = models.PositiveSmallIntegerField(default=5)
    schedule = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["path", "order"], name="step_order_once"),
            models.CheckConstraint(
                name="step_one_target",
                condition=models.Q(schedule__isnull=False, user__isnull=True)
                | models.Q(schedule__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(name="step_wait", condition=models.Q(wait_minutes__lte=240)),
        ]
