"""A prompt a person has put off."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User


class PutOff(models.Model):
    """`key` names the prompt, `fact` is what it said then: a prompt whose fact changed comes back at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="put_offs")
    key = models.CharField(max_length=120)
    fact = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_put_off_a_prompt")]
