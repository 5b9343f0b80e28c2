"""A shift somebody else is asked to take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.schedule import Schedule


class SwapAnswer(models.TextChoices):
    """How it ended."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class Swap(models.Model):
    """`asker` holds from `starts` until before `ends` and asks `asked` to, who may get rid of a shift in return."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="swaps")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="swaps_asked")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="swaps_to_answer")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    back_starts = models.DateTimeField(null=True)
    back_ends = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=SwapAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(name="swap_ends_after", condition=models.Q(ends__gt=models.F("starts"))),
            models.CheckConstraint(
                name="swap_back_whole",
                condition=models.Q(back_starts=None, back_ends=None) | models.Q(back_ends__gt=models.F("back_starts")),
            ),
        ]
