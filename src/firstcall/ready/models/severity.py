"""The severity table: held here, edited by a person, read by every phase."""

from __future__ import annotations

from django.db import models


class SeverityRule(models.Model):
    """One row a severity; columns as in `rules/severity.py`, minutes and hours.

    `waking_from` and `waking_to` are whole hours of the organisation's zone; `waking_to` 24 is midnight.
    """

    severity = models.PositiveSmallIntegerField(primary_key=True)
    means = models.CharField(max_length=200)
    wakes = models.CharField(max_length=6)
    tells_leadership = models.BooleanField(default=False)
    roles = models.JSONField(default=list)
    first_inside = models.PositiveSmallIntegerField(null=True, blank=True)
    first_public = models.PositiveSmallIntegerField(null=True, blank=True)
    next_inside = models.PositiveSmallIntegerField(null=True, blank=True)
    next_public = models.PositiveSmallIntegerField(null=True, blank=True)
    look_in = models.PositiveSmallIntegerField(null=True, blank=True)
    tone = models.CharField(max_length=10)
    postmortem = models.CharField(max_length=8)
    draft_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    waking_from = models.PositiveSmallIntegerField(default=8)
    waking_to = models.PositiveSmallIntegerField(default=22)
    breaks_quiet = models.BooleanField(default=False)

    class Meta:
        ordering = ["severity"]
        constraints = [
            models.CheckConstraint(name="severity_range", condition=models.Q(severity__gte=1, severity__lte=4)),
            models.CheckConstraint(
                name="severity_waking_hours",
                condition=models.Q(waking_from__lt=models.F("waking_to"), waking_to__lte=24),
            ),
        ]
