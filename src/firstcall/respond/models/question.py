"""What somebody wants to know of an incident, kept away from the engineers."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class Question(models.Model):
    """Asked of whoever speaks for the incident. One open question a person: asking again brings no sooner answer."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questions_asked")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="questions_answered")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "asked_by"], condition=models.Q(answered_at=None), name="one_open_question_a_person"
            ),
        ]
