"""An outage as the people in it know it: one row, one room, one number."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.respond.rules.impact import Return, Span, impact_spans, work_spans


class State(models.TextChoices):
    """Where the work stands. It may go back. What the public was told is another thing: inform's PublicState."""

    TRIAGE = "triage", _("Triage")
    INVESTIGATING = "investigating", _("Investigating")
    IDENTIFIED = "identified", _("Identified")
    MONITORING = "monitoring", _("Monitoring")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


RETURN = ("over", "back", "opened")  # of a Return, as it is kept: ISO instants
OPEN_STATES = (State.TRIAGE, State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)


class Cause(models.TextChoices):
    """Why it broke."""

    CODE = "code", _("Code change")
    CONFIGURATION = "configuration", _("Configuration")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    CAPACITY = "capacity", _("Capacity")
    MIGRATION = "migration", _("Data migration")
    PROVIDER = "provider", _("Third party")
    EXPIRED = "expired", _("Expired certificate or credential")
    SECURITY = "security", _("Security")
    PROCESS = "process", _("Human process")
    UNKNOWN = "unknown", _("Unknown")


class Onset(models.TextChoices):
    """How it began."""

    SUDDEN = "sudden", _("It struck at once")
    GRADUAL = "gradual", _("It built up")


class Incident(models.Model):
    """`id` is the number people say. `severity` is 1 (gravest) to 4 and changed only by a person.

    `severity_flow` is the flow that was known when the severity was last said.

    `impact_started_at` is when the first person was hit, `opened_at` when the room opened; `recovered_at` is when the
    signals went quiet, which resolves nothing. `restricted` hides it from all but those in `named` (and admins).
    `joined` is the room it turned out to be the same as. `returns` are the times it was over and came back, see
    `note_return`: the minutes in between are no impact.
    `reason` says why it was opened: the words of whoever declared it, or of the alert that paged. `hit` are customers a
    person named as hit, `hit_others` a line for those in no list: both empty while nobody has said.
    """

    title = models.CharField(max_length=160)
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents")
    severity = models.PositiveSmallIntegerField()
    severity_reason = models.TextField(blank=True)
    severity_flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=13, choices=State.choices, default=State.TRIAGE)
    symptom = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=14, choices=Cause.choices, blank=True)
    onset = models.CharField(max_length=8, choices=Onset.choices, blank=True)
    reason = models.TextField(blank=True)
    said_by = models.CharField(max_length=160, blank=True)
    impact_started_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    recovered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    joined = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    returns = models.JSONField(default=list, blank=True)
    restricted = models.BooleanField(default=False)
    named = models.ManyToManyField(User, blank=True, related_name="named_in")
    practice = models.BooleanField(default=False)
    hit = models.ManyToManyField(Customer, blank=True, related_name="hit_by")
    hit_others = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="incident_severity_1_to_4"),
        ]
        indexes = [
            models.Index(
                fields=["severity", "opened_at"],
                name="incident_open",
                condition=models.Q(state__in=("triage", "investigating", "identified", "monitoring")),
            ),
            models.Index(fields=["opened_at"], name="incident_by_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """'INC-42'."""
        return f"INC-{self.pk}"

    @property
    def began(self) -> dt.datetime:
        """When the impact began; while nobody has said so, when it was opened."""
        return self.impact_started_at or self.opened_at

    @property
    def ended(self) -> dt.datetime | None:
        """When the impact ended; None while it lasts."""
        return self.resolved_at or self.closed_at

    @property
    def returned(self) -> list[Return]:
        """Each time it came back, the first first."""
        return [Return(*(dt.datetime.fromisoformat(one[name]) for name in RETURN)) for one in self.returns]

    def note_return(self, one: Return) -> None:
        """Keep that it came back; the caller saves."""
        self.returns = [*self.returns, {name: getattr(one, name).isoformat() for name in RETURN}]

    def impact(self, *, now: dt.datetime) -> tuple[Span, ...]:
        """When people were hit: all that says how long it lasted or what it cost counts these."""
        return impact_spans(self.began, self.ended, self.returned, now=now)

    def worked_on(self, *, now: dt.datetime) -> tuple[Span, ...]:
        """When its room was open."""
        return work_spans(self.opened_at, self.ended, self.returned, now=now)

    @property
    def is_open(self) -> bool:
        """Someone still works on it."""
        return self.state in OPEN_STATES
