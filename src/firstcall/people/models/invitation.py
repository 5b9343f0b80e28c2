"""A link that lets an invited person choose a password."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class Invitation(models.Model):
    """Stored as a digest; one use, seven days."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
