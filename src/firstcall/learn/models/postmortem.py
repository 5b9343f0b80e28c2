"""What was learned: the postmortem, its findings, and what came of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.respond.models.incident import Incident


class PostmortemState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")


class Postmortem(models.Model):
    """One an incident, drafted from its timeline. `story` is plain text for people to work on."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="postmortem")
    story = models.TextField()
    state = models.CharField(max_length=8, choices=PostmortemState.choices, default=PostmortemState.DRAFT)
    drafted_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)


class Klass(models.TextChoices):
    """Where a finding belongs. A provider is a cause, not a class."""

    ROADMAP = "roadmap", _("Roadmap")
    PROCESS = "process", _("Process")
    MONITORING = "monitoring", _("Monitoring")
    ENGINEERING = "engineering", _("Engineering")
    NONE = "none", _("Nothing to do")


class Finding(models.Model):
    """`means` answers 'what does this mean for what we build?' and is never empty."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="findings")
    text = models.TextField()
    klass = models.CharField(max_length=11, choices=Klass.choices)
    means = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="finding_means_something", condition=~models.Q(means=""))]
