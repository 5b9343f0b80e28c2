"""A prepared first step that somebody did in this incident."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class FirstStepTick(models.Model):
    """`part` is the 'noun:id' of the flow, component or provider whose first steps hold the line `step`."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="first_step_ticks")
    part = models.CharField(max_length=40)
    step = models.CharField(max_length=200)
    ticked_at = models.DateTimeField()
    ticked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="first_steps_ticked")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "part", "step"], name="one_tick_a_step")]
