"""One person woken once over one channel."""

from __future__ import annotations

from django.db import models

from firstcall.people.models.user import User
from firstcall.respond.models.escalation import Escalation


class Answer(models.TextChoices):
    HAVE_IT = "have_it"
    PASSED_ON = "passed_on"
    JOINED = "joined"  # it is the same as what another room works on


class Because(models.TextChoices):
    """Why this person is woken: what the page says of it must be true."""

    ON_CALL = "on_call"  # by a schedule of the path
    NAMED = "named"  # by the path itself
    OWNER = "owner"  # it is theirs, and it is back
    ASKED = "asked"  # somebody brings them in
    SAID_NO = "said_no"  # they declined it, and it fires on
    ADMIN = "admin"  # nobody else answered


class Page(models.Model):
    """`attempt_key` is `{incident}:{generation}:{step}:{person}:{channel}` and names the send job.

    `token_digest` is the digest of the link's secret, which is made again from the data key for a repeated send.
    `step` is -1 when all admins are told that nobody answered. `reason` says why nothing was sent. `waits_until` is the
    end of the person's quiet hours, when it goes out only then. `because` is "" on pages of older versions.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="pages")
    step = models.SmallIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pages")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    attempt_key = models.CharField(max_length=120, unique=True)
    nonce = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    planned_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    because = models.CharField(max_length=7, choices=Because.choices, blank=True)
    maybe_twice = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
