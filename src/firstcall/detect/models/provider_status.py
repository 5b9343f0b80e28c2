"""What a provider's public status page said last, and everything it has told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.provider import Provider


class ProviderState(models.TextChoices):
    WELL = "well", _("well")
    DEGRADED = "degraded", _("degraded")
    DOWN = "down", _("down")
    MAINTENANCE = "maintenance", _("in maintenance")
    UNKNOWN = "unknown", _("not known")


class ProviderStatus(models.Model):
    """`asked_url` is the person's address, `address` what is read of it and `kind` its format.

    `state` is what the last understood answer of `read_at` amounts to for `ours`, the parts of its page that we use;
    `since` is when it began, as far as it says; `why` holds the text and the facts of the reason. `failures` counts
    the looks since then that brought nothing, `error` says of the last what was asked and what came back. Times in UTC.
    """

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="status")
    asked_url = models.URLField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=11, choices=ProviderState.choices, default=ProviderState.UNKNOWN)
    since = models.DateTimeField(null=True)
    why = models.JSONField(default=dict)
    parts = models.JSONField(default=dict)
    ours = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=600, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    next_at = models.DateTimeField(db_index=True)


class ProviderEntry(models.Model):
    """One thing it told; `digest` of what was told last of it, so that nothing is told twice. `at` null: not said."""

    status = models.ForeignKey(ProviderStatus, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=32)
    title = models.CharField(max_length=250)
    state = models.CharField(max_length=11, choices=ProviderState.choices)
    open = models.BooleanField()
    at = models.DateTimeField(null=True)
    url = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["-told_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["status", "key"], name="provider_entry_once")]
