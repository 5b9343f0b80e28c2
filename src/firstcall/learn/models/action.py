"""What will be done, by whom, until when."""

from __future__ import annotations

from django.db import models

from firstcall.learn.models.postmortem import Finding, Postmortem
from firstcall.people.models.user import User


class Action(models.Model):
    """`due` is a day in the organisation's zone."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="actions")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.SET_NULL, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions")
    due = models.DateField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due", "id"]
