"""What lets a program act as a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User


class Scope(models.TextChoices):
    """How far a token goes: never beyond its person's access."""

    READ = "read", _("Read only")
    ACT = "act", _("Read and act")


class Token(models.Model):
    """Only the digest is kept. `until` is its last moment, `ended_at` when somebody ended it before."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=4, choices=Scope.choices)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name
