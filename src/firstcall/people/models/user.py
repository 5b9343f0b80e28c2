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

    `sample`: plays in the sample company and is nobody.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.RESPONDER)
    phone = models.CharField(max_length=32, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    sample = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return gettext("{name} (sample)").format(name=self.name) if self.sample else self.name
