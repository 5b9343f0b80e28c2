"""Which incidents are not for everybody, as far as their signals go."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Seal(models.Model):
    """An incident that is, or was, restricted: its alerts and reports are for those named and for admins alone.

    `incident` is the incident's plain number: what must point up points by id, and is kept true from above.
    """

    incident = models.BigIntegerField(unique=True)
    restricted = models.BooleanField()
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
