"""A game day: a flow is said to be broken, and people do what they would do."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.flow import Flow


class Drill(models.Model):
    """`pretend` is what we say is broken, `pages` whether the path is woken, `incident` the number of its room.

    `day` is a day of the organisation's zone; `findings` is what was slow or wrong, one a line. `walked` are the
    first steps as they stood when it ended: [{"part", "name", "step", "at", "who"}], `at` in ISO format or null.
    """

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="drills")
    day = models.DateField()
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="drills_led"
    )
    pretend = models.CharField(max_length=160)
    pages = models.BooleanField(default=False)
    incident = models.PositiveBigIntegerField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    findings = models.TextField(blank=True)
    walked = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return self.pretend
