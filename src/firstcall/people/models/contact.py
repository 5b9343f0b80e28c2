"""How a person can be reached."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstcall.people.models.user import User


class ContactKind(models.TextChoices):
    MAIL = "mail", _("Mail")
    WEBHOOK = "webhook", _("Webhook")


class ContactMethod(models.Model):
    """Pages go only to what its person has verified; `position` is the order in which a person wants to be tried."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contact_methods")
    kind = models.CharField(max_length=7, choices=ContactKind.choices)
    address = models.CharField(max_length=500)
    label = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "address"], name="contact_once")]

    def __str__(self) -> str:
        return self.label or self.address
