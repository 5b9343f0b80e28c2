"""One signal: a row an identity and episode, never a row a repeat."""

from __future__ import annotations

from django.db import models

from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.models.source import Source
from firstcall.ready.models.component import Component


class Alert(models.Model):
    """`dedup_key` is its identity within its source; `ended_at` is null while it fires. Times are instants in UTC.

    `rule` is the name of what fired, by which its record is kept. `steps` is the chain that led
    to the verdict, one sentence each; `raw` the text of one we could not read.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    dedup_key = models.CharField(max_length=255)
    group = models.ForeignKey(AlertGroup, on_delete=models.CASCADE, related_name="alerts")
    rule = models.CharField(max_length=250)
    title = models.CharField(max_length=250)
    severity = models.CharField(max_length=20)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    url = models.TextField(blank=True)
    component = models.ForeignKey(Component, null=True, on_delete=models.SET_NULL)
    started_at = models.DateTimeField()
    first_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    reason = models.TextField()
    steps = models.JSONField(default=list)
    raw = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["group", "first_at"], name="alert_by_group"),
            models.Index(fields=["rule", "first_at"], name="alert_by_rule"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "dedup_key"],
                name="one_open_alert_an_identity",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    @property
    def safe_url(self) -> str:
        """The sender's link, if it is one a browser may be led to."""
        return self.url if self.url.startswith(("http://", "https://")) else ""


class Heard(models.Model):
    """How often an alert was said in its episode, and when last.

    It stands apart from the alert because it is all that a repeat changes: in a storm narrow rows are written quickly.
    """

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, primary_key=True, related_name="heard")
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()


class AlertHour(models.Model):
    """How often a rule fired in an hour (UTC), by verdict: what the weekly review reads. Kept for 400 days."""

    rule = models.CharField(max_length=250)
    hour = models.DateTimeField()
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "hour", "verdict"], name="one_row_an_hour")]
