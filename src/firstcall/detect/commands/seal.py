"""Hiding the signals of a restricted incident along with it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from firstcall.detect.models.seal import Seal
from firstcall.people.models.user import User


def seal_incident(*, incident: int, restricted: bool, named: Iterable[User]) -> None:
    """Keep what was said of an incident's plain number. Told on its timeline by whoever restricted it.

    Called in the transaction that restricts: a job would leave the signals in sight until it has run.
    """
    with transaction.atomic():
        row, _made = Seal.objects.update_or_create(incident=incident, defaults={"restricted": restricted})
        row.named.set(named)
