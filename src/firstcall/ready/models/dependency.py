"""An edge of the map: who needs whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider


class Fallback(models.TextChoices):
    NONE = "none", _("None")
    MANUAL = "manual", _("By hand")
    AUTOMATIC = "automatic", _("Automatic")


class Dependency(models.Model):
    """A flow or a component needs a component or a provider. Hard: without it nothing goes; soft: it goes worse.

    `fallback_how` says what to do without it, `fallback_tested` the day that was last tried. `origin` as in Prepared.
    """

    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="needs")
    from_component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="needs")
    component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="needed_by")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.CASCADE, related_name="needed_by")
    hard = models.BooleanField(default=True)
    fallback = models.CharField(max_length=9, choices=Fallback.choices, default=Fallback.NONE)
    fallback_how = models.CharField(max_length=300, blank=True)
    fallback_tested = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dependency_one_from",
                condition=models.Q(flow__isnull=False, from_component__isnull=True)
                | models.Q(flow__isnull=True, from_component__isnull=False),
            ),
            models.CheckConstraint(
                name="dependency_one_to",
                condition=models.Q(component__isnull=False, provider__isnull=True)
                | models.Q(component__isnull=True, provider__isnull=False),
            ),
            *(
                models.UniqueConstraint(fields=[start, end], name=f"{start}_{end}_once")
                for start in ("flow", "from_component")
                for end in ("component", "provider")
            ),
        ]
