"""What a user does that must not stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.team import Team
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.prepared import Prepared, WithFirstSteps
from firstcall.ready.rules.cost import Hour, hour_at, hour_during, hour_of


class Criticality(models.TextChoices):
    """Drives alerting, severity, tone and order everywhere."""

    CRITICAL = "critical", _("Critical")
    IMPORTANT = "important", _("Important")
    MINOR = "minor", _("Minor")


class Flow(Prepared, WithFirstSteps):
    """`cost_per_hour` is in whole units of FIRSTCALL_CURRENCY, null while not known, and so are `users_per_hour` and
    `transactions_per_hour`; with `cost_per_hour_most` the cost is a range. `by_hour` comes from an imported file: the
    cost of each of the 168 hours of a week in whole units, Monday 00:00 of the organisation's zone first, or null.
    `stakes` says what else stops with it: of 'contract', 'law' and 'trust'.

    The peak is a wall time of the organisation's zone: `peak_days` holds ISO weekdays ('5' is Friday), `peak_from` and
    `peak_to` whole hours; `peak_to` 24 is midnight.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    criticality = models.CharField(max_length=9, choices=Criticality.choices, default=Criticality.IMPORTANT)
    stops = models.TextField(blank=True)
    cost_per_hour = models.PositiveIntegerField(null=True, blank=True)
    cost_per_hour_most = models.PositiveIntegerField(null=True, blank=True)
    users_per_hour = models.PositiveIntegerField(null=True, blank=True)
    transactions_per_hour = models.PositiveIntegerField(null=True, blank=True)
    by_hour = models.JSONField(null=True, blank=True)
    stakes = models.JSONField(default=list, blank=True)
    peak_days = models.CharField(max_length=7, blank=True)
    peak_from = models.PositiveSmallIntegerField(null=True, blank=True)
    peak_to = models.PositiveSmallIntegerField(null=True, blank=True)
    workaround = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="flows_owned"
    )
    technical_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="flows_built"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="flows")
    path = models.ForeignKey(EscalationPath, null=True, blank=True, on_delete=models.SET_NULL, related_name="flows")
    words_customers = models.TextField(blank=True)
    words_support = models.TextField(blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="flow_peak_hours",
                condition=models.Q(peak_from__isnull=True, peak_to__isnull=True)
                | models.Q(peak_from__lt=models.F("peak_to"), peak_to__lte=24),
            ),
            models.CheckConstraint(
                name="flow_cost_range",
                condition=models.Q(cost_per_hour_most__isnull=True)
                | models.Q(cost_per_hour__isnull=False, cost_per_hour_most__gte=models.F("cost_per_hour")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hour(self) -> Hour:
        """What an hour without it costs."""
        return hour_of(self.cost_per_hour, self.cost_per_hour_most)

    def hour_at(self, at: dt.datetime) -> Hour:
        """What the hour of this instant costs: by the imported week where there is one, else as `hour`."""
        return hour_at(self.hour, self.by_hour, at, ZoneInfo(settings.ENV["FIRSTCALL_ZONE"]))

    def hour_during(self, spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> Hour:
        """The same on average of spans of time, of which there is at least one, none empty."""
        return hour_during(self.hour, self.by_hour, spans, ZoneInfo(settings.ENV["FIRSTCALL_ZONE"]))


class FlowPath(models.Model):
    """Another path of a flow for one severity; without one the flow's own path runs."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="severity_paths")
    severity = models.PositiveSmallIntegerField()
    path = models.ForeignKey(EscalationPath, on_delete=models.CASCADE, related_name="flow_paths")

    class Meta:
        ordering = ["severity"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "severity"], name="one_path_a_flow_and_severity"),
            models.CheckConstraint(name="flow_path_severity", condition=models.Q(severity__gte=1, severity__lte=4)),
        ]
