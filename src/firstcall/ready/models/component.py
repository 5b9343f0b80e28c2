"""A part of ours that flows need."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from firstcall.people.models.team import Team
from firstcall.ready.models.prepared import Prepared, WithFirstSteps


class Component(Prepared, WithFirstSteps):
    """Flows and other components need it; its `team` and its `owner` are asked when it fails."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="components")
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
