"""The one-time link by which the first account is made."""

from __future__ import annotations

from django.db import models


class SetupLink(models.Model):
    """Stored as a digest; one use, thirty minutes, and dead once any account exists."""

    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
