"""How often somebody failed to sign in."""

from __future__ import annotations

from django.db import models


class Throttle(models.Model):
    """One account or one address, as a digest: what was typed is not kept. Forgotten after a day without a failure."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)


class CacheRow(models.Model):
    """Django's database cache (its own form), so that limits count over all web processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
