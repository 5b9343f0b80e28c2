"""Who is told beside those on call, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule


class LaneKind(models.TextChoices):
    """Why somebody is told. Account owners are those of the flow's customers with a contract."""

    LEADERSHIP = "leadership", _("Founder or CTO")
    SUPPORT = "support", _("Support lead")
    OWNERS = "owners", _("Account owners")
    VENDOR = "vendor", _("Provider")
    OTHER = "other", _("Somebody else")


class LaneWhen(models.TextChoices):
    """What else has to be so."""

    ALWAYS = "always", _("Whatever is hit")
    CONTRACT = "contract", _("Only when a customer with a contract is hit")
    PROVIDER = "provider", _("Only when a provider it needs says it is unwell")


class Lane(models.Model):
    """Opens for a severity of `severity` or graver, `after_minutes` after the path began with nobody answering.

    `when` may ask for more. 0 minutes: at once, whether somebody answers or not. `user` or `schedule` is who is told;
    account owners are worked out and have neither; of a provider it is who rings it.
    """

    path = models.ForeignKey(EscalationPath, on_delete=models.CASCADE, related_name="lanes")
    kind = models.CharField(max_length=10, choices=LaneKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    schedule = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.CASCADE)
    severity = models.PositiveSmallIntegerField(default=1)
    after_minutes = models.PositiveSmallIntegerField(default=0)
    when = models.CharField(max_length=8, choices=LaneWhen.choices, default=LaneWhen.ALWAYS)

    class Meta:
        ordering = ["after_minutes", "id"]
        constraints = [
            models.CheckConstraint(
                name="lane_one_target",
                condition=models.Q(kind="owners", user__isnull=True, schedule__isnull=True)
                | models.Q(~models.Q(kind="owners"), user__isnull=False, schedule__isnull=True)
                | models.Q(~models.Q(kind="owners"), user__isnull=True, schedule__isnull=False),
            ),
            models.CheckConstraint(name="lane_severity", condition=models.Q(severity__gte=1, severity__lte=4)),
            models.CheckConstraint(name="lane_wait", condition=models.Q(after_minutes__lte=240)),
        ]
