"""Where signals come from, and the keys by which a sender may write to a source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.component import Component


class SourceKind(models.TextChoices):
    """One module of `detect/sources` each; what deployments say goes into the change calendar and is no alert."""

    ALERTMANAGER = "alertmanager", _("Prometheus Alertmanager")
    GENERIC = "generic", _("Any tool that can send JSON")
    DEPLOY = "deploy", _("Deployments: GitHub, GitLab, or any tool that can send JSON")


class Source(models.Model):
    """One intake point. `component`: what its signals are about when they don't say so themselves."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SourceKind.choices)
    component = models.ForeignKey(Component, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_heard_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SourceKey(models.Model):
    """A write-only capability, stored as its digest. Two may be valid at once, so that one can be replaced in calm."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
