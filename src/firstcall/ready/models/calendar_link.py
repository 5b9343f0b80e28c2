"""An address under which a calendar programme follows shifts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.schedule import Schedule


class CalendarLink(models.Model):
    """Only the digest is kept. With `schedule` the whole schedule, without it the shifts of `user`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_links")
    schedule = models.ForeignKey(Schedule, null=True, on_delete=models.CASCADE, related_name="calendar_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
