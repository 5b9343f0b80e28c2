"""Moving in from another system: one reading of it, and which of its things are which of ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class System(models.TextChoices):
    """Where people move in from."""

    PAGERDUTY = "pagerduty", "PagerDuty"
    OPSGENIE = "opsgenie", "Opsgenie"
    ONCALL = "oncall", "Grafana OnCall"


class MoveState(models.TextChoices):
    READING = "reading", _("being read")
    READ = "read", _("read; nothing is made yet")
    DONE = "done", _("moved in")
    FAILED = "failed", _("could not be read")


class Move(models.Model):
    """One reading, from a file (`address` is '') or by asking at `address`; `due` is when it is asked on.

    `key` is encrypted, and gone as soon as the reading ends. `answers` is what was answered so far, and
    `taken` what was read, without what is no longer needed once it is `done`: both JSON as text, for not every store
    takes any JSON; `report` says what was made, skipped and failed:
    [{"noun", "name", "what", "why"}].
    """

    system = models.CharField(max_length=12, choices=System.choices)
    address = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=MoveState.choices, default=MoveState.READING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    key = models.TextField(blank=True)
    answers = models.TextField(blank=True)
    taken = models.TextField(blank=True)
    report = models.JSONField(default=list)
    word = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]


class Moved(models.Model):
    """`origin`, the other system's number of a `noun`, is our `number`: so a second run makes nothing twice.

    Unlike a row that came from a file, what has moved in is ours from then on and is changed here. `mark` tells the
    layers a schedule got: while it still has them, a further reading may bring it those it has there by then.
    """

    system = models.CharField(max_length=12, choices=System.choices)
    noun = models.CharField(max_length=10)
    origin = models.CharField(max_length=200)
    number = models.BigIntegerField()
    mark = models.CharField(max_length=32, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "noun", "origin"], name="moved_once")]
