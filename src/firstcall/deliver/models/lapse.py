"""A time in which the auditor was not heard."""

from __future__ import annotations

from django.db import models


class Lapse(models.Model):
    """`node` is the worker's that noticed; `since` when the auditor was heard last. `ended_at` None: it lasts."""

    node = models.CharField(max_length=40)
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node"], condition=models.Q(ended_at=None), name="one_lapse_a_node"),
        ]
