"""What a person sees of a pile of alerts: one sick thing, one group."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow


class Verdict(models.TextChoices):
    """What was done with an alert, and the group's gravest."""

    PAGE = "page", _("Paged")
    JOIN = "join", _("Joined")
    DIGEST = "digest", _("Waits for the digest")
    DROP = "drop", _("Dropped")


class Answer(models.TextChoices):
    """What a person said of a group afterwards."""

    USEFUL = "useful", _("Useful")
    EARLY = "early", _("Right, but too early")
    LATE = "late", _("Right, but too late")
    NOISE = "noise", _("Noise")
    FINE = "fine", _("Fine to wait")
    MEND = "mend", _("Mend the rule")
    SHOULD_PAGE = "should_page", _("Should have paged")


class AlertGroup(models.Model):
    """`key` is the sick thing: 'component:7', or the source and title when the map doesn't know it.

    `incident` is the incident's plain number: what must point up points by id. `let_go_at` is set while a person's word
    stands that this incident is over: what is new in the group from then on is judged anew, not joined in silence.
    """

    key = models.CharField(max_length=200)
    title = models.CharField(max_length=250)
    component = models.ForeignKey(Component, null=True, on_delete=models.SET_NULL)
    flow = models.ForeignKey(Flow, null=True, on_delete=models.SET_NULL)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    incident = models.BigIntegerField(null=True)
    let_go_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=11, choices=Answer.choices, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident"], name="group_by_incident")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="one_open_group_a_key", condition=models.Q(closed_at__isnull=True)
            )
        ]
