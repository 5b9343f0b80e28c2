"""What a second factor must remember."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class LastCode(models.Model):
    """The time step of the last code taken from a person's app: an older or the same one is never taken again."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="last_code")
    step = models.BigIntegerField()
