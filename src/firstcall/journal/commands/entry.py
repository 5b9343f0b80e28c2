"""Writing the journal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import connection, transaction

from firstcall.journal.events import REDACTED_KIND
from firstcall.journal.kinds import KINDS, Kind
from firstcall.journal.models.entry import Entry, Facts, Head, Position
from firstcall.journal.wake import announce
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused

REDACTED = {"redacted": True}


def record(
    kind: Kind, *, by: Actor, now: dt.datetime, subject: str, incident: int | None = None, **facts: Any
) -> Entry:
    """Add an entry, inside the caller's transaction.

    `subject` is 'noun:id'. `incident` is the incident's plain id when the entry belongs to one. `facts` must be
    plain JSON (instants as ISO 8601 in UTC) and hold every field the kind's sentence names.
    """
    if KINDS.get(kind.name) is not kind:
        raise ValueError(f"{kind.name} is not a declared journal kind")
    body = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    with transaction.atomic(savepoint=False):
        entry = Entry.objects.create(
            at=now,
            kind=kind.name,
            subject=subject,
            incident=incident,
            by_kind=by.kind,
            by_id=by.id,
            by_name=by.name[:120],
            digest=hashlib.sha256(body.encode()).hexdigest(),
        )
        Facts.objects.create(entry=entry, data=facts)
        if connection.vendor == "sqlite":
            _number(entry)
        announce()
    return entry


def _number(entry: Entry) -> None:
    """SQLite has one writer at a time: the order of commits is the order of these lines."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_head SET position = position + 1 RETURNING position")
        (position,) = cursor.fetchone()
        cursor.execute("INSERT INTO journal_position (position, entry_id) VALUES (%s, %s)", [position, entry.pk])


def number_entries(*, at_most: int = 500) -> int:
    """Give positions to committed entries that have none yet (PostgreSQL); how many were numbered.

    Any process may call it: the one-row head is locked, whoever finds it locked leaves the work to the holder.
    """
    if connection.vendor == "sqlite":
        return 0
    with transaction.atomic():
        head = Head.objects.select_for_update(skip_locked=True).first()
        if head is None:
            return 0
        waiting = list(Entry.objects.filter(place__isnull=True).order_by("id").values_list("id", flat=True)[:at_most])
        if not waiting:
            return 0
        Position.objects.bulk_create(
            [Position(position=head.position + n, entry_id=entry) for n, entry in enumerate(waiting, 1)]
        )
        head.position += len(waiting)
        head.save()
        announce()  # whoever found the head locked meanwhile looks again
        return len(waiting)


def redact(*, entry: Entry, by: Actor, now: dt.datetime, reason: str) -> None:
    """Take away what an entry says. That it happened, by whom and when stays, and so does its digest."""
    if not reason.strip():
        raise Refused("Say why this is taken away: the reason is kept.", field="reason")
    with transaction.atomic():
        Facts.objects.filter(entry=entry).update(data=REDACTED)
        record(
            REDACTED_KIND,
            by=by,
            now=now,
            subject=entry.subject,
            incident=entry.incident,
            entry=entry.id,
            reason=reason,
        )
