"""The journal's tables. Entries never change: triggers refuse it on both databases."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing that happened. `id` is no order on PostgreSQL: order and cursors use `Position`."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    incident = models.BigIntegerField(null=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    v = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["incident", "at"], name="journal_by_incident"),
            models.Index(fields=["subject", "at"], name="journal_by_subject"),
        ]


class Facts(models.Model):
    """What an entry says beside its sentence, apart from it so that a pasted password can be redacted."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="facts")
    data = models.JSONField()


class Position(models.Model):
    """The order in which committed entries became visible: what cursors and Last-Event-ID count."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="place")


class Head(models.Model):
    """One row: the highest position given."""

    position = models.BigIntegerField()
