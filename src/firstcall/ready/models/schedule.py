"""Who is on call when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.people.models.team import Team
from firstcall.ready.models.prepared import Prepared


class Schedule(Prepared):
    """Handovers are wall times of `zone` (IANA); `owner` and `team` look after it."""

    name = models.CharField(max_length=120, unique=True)
    zone = models.CharField(max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="schedules_owned"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="schedules")
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """Somebody else's calendar whose events are shifts. `error` says why the last reading brought nothing new.

    `unknown` are the names in it that belong to nobody here, `read_at` is when it was last read whole.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="calendars")
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=2000, blank=True)
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    unknown = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]


class CalendarShift(models.Model):
    """A shift read from a calendar."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        ordering = ["starts", "id"]


class Rotation(models.Model):
    """A layer of a schedule: its members take turns of `length_days`, handed over at `handover` from day `starts` on.

    With `length_hours` a turn is that many hours instead. `zone` is '' for the schedule's own; `until` is the day at
    whose handover it ends; `windows` are the hours in which it counts, none: always:
    [{"days": "12345", "from": "09:00", "to": "17:00"}]. With `calendar` its shifts are that calendar's. The lowest
    `position` that has somebody wins.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="rotations")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    length_days = models.PositiveSmallIntegerField(default=7)
    length_hours = models.PositiveSmallIntegerField(default=0)
    handover = models.TimeField()
    starts = models.DateField()
    until = models.DateField(null=True)
    windows = models.JSONField(default=list)
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.CASCADE, related_name="rotations")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="rotation_length", condition=models.Q(length_days__gte=1, length_days__lte=365)
            ),
            models.CheckConstraint(name="rotation_hours", condition=models.Q(length_hours__lte=8760)),
        ]


class RotationMember(models.Model):
    """Whose turn comes when; `order` counts from 0."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="members")
    order = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["rotation", "order"], name="rotation_order_once")]


class Override(models.Model):
    """Somebody takes over from `starts` until before `ends`; the newest override of an instant wins."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="overrides")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(name="override_ends_after", condition=models.Q(ends__gt=models.F("starts")))
        ]
