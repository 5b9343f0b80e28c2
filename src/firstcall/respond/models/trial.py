"""A test page: sent to see that it arrives, on a calm day."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class Trial(models.Model):
    """One person, one way of theirs. `key` names the send job; the link's secret is made again from the data key.

    `address` is where it went then; `reason` says why nothing was sent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="trials")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    key = models.CharField(max_length=120, unique=True)
    nonce = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-planned_at", "id"]
