"""What every prepared object has: where it came from, whether it is meant, and until when it counts as true."""

from __future__ import annotations

from django.db import models


class Prepared(models.Model):
    """`origin` names the file it came from ('' for what was made by hand): such a row is changed in its file.

    `sketched`: taken from a sketch of a kind of business, and nobody has said yet that it is so. `confirm_by` is the
    day (of the organisation's zone) until which somebody has to say that it still holds; null: nobody has said it yet.
    """

    origin = models.CharField(max_length=120, blank=True)
    sketched = models.BooleanField(default=False)
    confirm_by = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class WithFirstSteps(models.Model):
    """`first_steps`: up to seven lines of what to try first, prepared in calm, or `first_steps_link` to them.

    `first_steps_tried` is the day they were last walked in a drill.
    """

    first_steps = models.TextField(blank=True)
    first_steps_link = models.URLField(max_length=500, blank=True)
    first_steps_tried = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
