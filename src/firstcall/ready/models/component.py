"""A part of ours that flows need."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Component(models.Model):
    """`first_steps`: up to seven lines of what to try first, prepared in calm."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    first_steps = models.TextField(blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
