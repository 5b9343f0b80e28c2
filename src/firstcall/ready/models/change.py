"""What was changed when, and when changes may happen."""

from __future__ import annotations

from django.db import models

from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow


class Change(models.Model):
    """A release, a migration, a switch: of one component or flow, or null: nobody said of what.

    `at` in UTC, in the future while it is planned. `said_by` is a person, a tool or a token; `key` is the tool's own
    name for it, so that the same one is kept once (null for what was written down by hand).
    """

    title = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes")
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes")
    said_by = models.CharField(max_length=120, blank=True)
    link = models.URLField(max_length=500, blank=True)
    key = models.CharField(max_length=200, null=True, unique=True)

    class Meta:
        ordering = ["-at", "-id"]


class ReleaseWindow(models.Model):
    """When releases may happen: wall times of `zone` on `days` (ISO weekdays, '15' is Monday and Friday).

    For one component or one flow; with neither for everything that has none of its own. With `ends` no later than
    `starts` it goes on into the next day. `origin` as in Prepared.
    """

    days = models.CharField(max_length=7)
    starts = models.TimeField()
    ends = models.TimeField()
    zone = models.CharField(max_length=64)
    component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="release_windows")
    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="release_windows")
    origin = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="release_window_of_one", condition=models.Q(component__isnull=True) | models.Q(flow__isnull=True)
            )
        ]
