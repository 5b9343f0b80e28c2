"""People with an account. One organisation per installation."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Access(models.TextChoices):
    """What an account may do. Not a role: a role is what one does in an incident."""

    ADMIN = "admin", _("Admin")
    RESPONDER = "responder", _("Responder")
    COMMUNICATOR = "communicator", _("Communicator")
    SUPPORT = "support", _("Support")
    STAKEHOLDER = "stakeholder", _("Stakeholder")


class User(AbstractUser):
    """Signs in by mail address; `name` is what others read, `phone` is dialled with one tap.

    `sample`: plays in the sample company and is nobody. `confirm_mail`: once a week a mail of what is to be confirmed.
    `quiet_from` until before `quiet_to` are wall times of `zone`, every day; both or neither. Their rule is in
    `ready/rules/quiet.py`.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.RESPONDER)
    phone = models.CharField(max_length=32, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    sample = models.BooleanField(default=False)
    confirm_mail = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="quiet_both_or_neither",
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return gettext("{name} (sample)").format(name=self.name) if self.sample else self.name
