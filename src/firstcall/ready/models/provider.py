"""A third party that flows or components need."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.ready.models.prepared import Prepared, WithFirstSteps


class Provider(Prepared, WithFirstSteps):
    """Whom to ring there, under which `contract`, what we lose `without` it, and where it says how it is.

    `status_parts` are the parts of its status page that we use, one a line; empty: all of them.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    support_contact = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    contract = models.CharField(max_length=120, blank=True)
    without = models.TextField(blank=True)
    status_url = models.URLField(blank=True)
    status_parts = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="providers_owned"
    )
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
