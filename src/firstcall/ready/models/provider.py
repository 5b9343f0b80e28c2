"""A third party that flows or components need."""

from __future__ import annotations

from django.db import models


class Provider(models.Model):
    """Whom to ring there, and where it says how it is."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    support_contact = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    status_url = models.URLField(blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
