"""Who wants the pocket sheet by mail."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class PocketWish(models.Model):
    """Mailed each week on ISO weekday `day` (1 is Monday) at noon of the person's zone. No row: not wished."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="pocket_wish")
    day = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [models.CheckConstraint(name="pocket_day", condition=models.Q(day__gte=1, day__lte=7))]
