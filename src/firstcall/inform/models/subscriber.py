"""Who asked to be told by mail. Nobody is told before confirming, and one click ends it."""

from __future__ import annotations

from django.db import models

from firstcall.inform.models.status_page import StatusPage


class Subscriber(models.Model):
    """`nonce` makes the tokens of this address's links again; only their digests could be guessed from the row."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="subscribers")
    email = models.EmailField()
    nonce = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    confirm_digest = models.CharField(max_length=64, unique=True)
    end_digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "email"], name="one_row_an_address")]
