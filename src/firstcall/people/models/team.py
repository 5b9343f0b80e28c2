"""People who look after the same things."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class Team(models.Model):
    """Flows and components belong to it; `origin` is the file it came from, '' for one made by hand."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="teams")
    origin = models.CharField(max_length=120, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
