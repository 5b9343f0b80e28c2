"""What came in, as it came: the row is written before the sender is answered, and is the job of folding it."""

from __future__ import annotations

from django.db import models

from firstcall.detect.models.source import Source


class InboxState(models.TextChoices):
    NEW = "new"
    FOLDED = "folded"
    PARKED = "parked"


class Inbox(models.Model):
    """`body` is packed by `rules/bundle` and kept for seven days; `held` is how many bodies of its source it is.

    `received_at` is when the first of them came. `unreadable`: why it could not be read at the door; such a body stands
    by itself.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    kind = models.CharField(max_length=16)
    received_at = models.DateTimeField()
    body = models.BinaryField()
    held = models.PositiveSmallIntegerField(default=1)
    unreadable = models.TextField(default="", blank=True)
    state = models.CharField(max_length=6, choices=InboxState.choices, default=InboxState.NEW)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="inbox_new", condition=models.Q(state=InboxState.NEW)),
            models.Index(fields=["received_at"], name="inbox_age"),
        ]
