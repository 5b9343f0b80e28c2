"""What people said of a hole, and how much held day by day."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class HoleCare(models.Model):
    """Who mends a hole and by when, or who accepts it, why, and until when. `key` is the hole's, of its rule.

    Dates are days of the organisation's zone. Accepted, it keeps its place and its price on the list; after
    `accepted_until` it is open again by itself.
    """

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="holes_to_mend"
    )
    due = models.DateField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="holes_accepted"
    )
    reason = models.CharField(max_length=300, blank=True)
    accepted_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hole_given_or_accepted",
                condition=models.Q(accepted_until__isnull=True, due__isnull=False)
                | models.Q(accepted_until__isnull=False, due__isnull=True),
            )
        ]


class ReadinessDay(models.Model):
    """How much held on a day of the organisation's zone, and which holes were open: [{"key", "text", "ends"}]."""

    day = models.DateField(unique=True)
    holds = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    holes = models.JSONField(default=list)

    class Meta:
        ordering = ["day"]


class ReadinessLately(models.Model):
    """What was found when readiness was last reckoned: one row, for pages that show its dearest holes only.

    `upto` is the newest entry of the journal it knew. `holes` are the dearest as JSON, `rest` how many more there were.
    """

    reckoned_at = models.DateTimeField()
    upto = models.BigIntegerField()
    holes = models.JSONField(default=list)
    rest = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="readiness_lately_one_row", condition=models.Q(pk=1))]
