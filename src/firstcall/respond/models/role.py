"""Who does what in an incident."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


class Role(models.TextChoices):
    """What one does in this incident. Not an access."""

    OWNER = "owner", _("Incident owner")
    TECHNICAL_LEAD = "technical_lead", _("Technical lead")
    COMMUNICATIONS_LEAD = "communications_lead", _("Communications lead")
    SUPPORT_LIAISON = "support_liaison", _("Support liaison")
    LEADERSHIP_LIAISON = "leadership_liaison", _("Leadership liaison")
    SCRIBE = "scribe", _("Scribe")


class RoleHolding(models.Model):
    """One person holds one role from `since` until `until` (None: still).

    `beforehand`: named before the night, and filled as the incident opened. `quiet_since` is their last sign when
    something waited for them in vain; None again with their next one.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="holdings")
    role = models.CharField(max_length=20, choices=Role.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    beforehand = models.BooleanField(default=False)
    quiet_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role"], condition=models.Q(until=None), name="one_holder_a_role"
            ),
        ]
