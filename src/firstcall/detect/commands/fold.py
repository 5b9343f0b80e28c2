"""Folding the inbox: from what came in to what a person sees.

Order: rows as they were stored; one transaction a batch. Repeats of an alert that fires only raise its count: a storm
of them costs one update a batch and identity. A row that can't be folded is taken out of the way, tried alone, and
after five tries parked: it still pages, with its raw text.
"""

from __future__ import annotations

import datetime as dt
import importlib
import zlib
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction

from firstcall.detect.commands.alert import Folder
from firstcall.detect.events import INBOX_PARKED
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.rules.signal import Signal, safe
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE

BATCH = 500
TRIES = 5
RAW = 4000  # characters kept of a body that can't be read


def fold_inbox(*, now: dt.datetime, at_most: int = BATCH) -> int:
    """Fold the oldest new rows; how many left the inbox. 0 also when another worker is folding."""
    try:
        with transaction.atomic():
            rows = _new_rows(at_most)
            _fold(rows, now=now)
            return len(rows)
    except DatabaseError:
        raise
    except Exception:
        return sum(_fold_alone(number, now=now) for number in _numbers(at_most))


def _numbers(at_most: int) -> list[int]:
    return list(Inbox.objects.filter(state=InboxState.NEW).order_by("id").values_list("id", flat=True)[:at_most])


def _new_rows(at_most: int, number: int | None = None) -> list[Inbox]:
    rows = Inbox.objects.filter(state=InboxState.NEW).order_by("id")
    if number is not None:
        rows = rows.filter(pk=number)
    if connection.features.has_select_for_update_nowait:
        # Order matters, so only one worker folds: whoever finds the first row locked leaves the work to the holder.
        if not Source.objects.select_for_update(skip_locked=True).order_by("id").exists():
            return []
        rows = rows.select_for_update(skip_locked=True)
    return list(rows[:at_most])


def _fold(rows: Sequence[Inbox], *, now: dt.datetime) -> None:
    if not rows:
        return
    folder = Folder(now=now)
    for row in rows:
        source = folder.source(row.source_id)
        folder.take(source, signals_of(row, source), received_at=row.received_at)
    folder.write()
    Inbox.objects.filter(pk__in=[row.pk for row in rows]).update(state=InboxState.FOLDED)


def signals_of(row: Inbox, source: Source) -> list[Signal]:
    """What a row says; one that was unreadable at the door says so with its raw text."""
    body = zlib.decompress(row.body)
    if row.unreadable:
        return [unreadable(source, body, row.unreadable)]
    module = importlib.import_module(f"firstcall.detect.sources.{row.kind}")
    found: list[Signal] = module.signals(module.decode(body))
    return found


def unreadable(source: Source, body: bytes, reason: str) -> Signal:
    """The signal of a body nobody could read: one identity a source, so that a flood of them pages once."""
    raw = safe(body[: RAW * 4].decode("utf-8", "replace"), most=RAW)
    return Signal(
        dedup_key="unreadable",
        firing=True,
        title=f"A message from {source.name} that we could not read",
        severity="critical",
        annotations={"reason": safe(reason, most=500)},
        raw=raw,
    )


def _fold_alone(number: int, *, now: dt.datetime) -> int:
    """One row by itself: 1 when it left the inbox, 0 when it failed and will be tried again."""
    try:
        with transaction.atomic():
            rows = _new_rows(1, number)
            _fold(rows, now=now)
            return len(rows)
    except DatabaseError:
        raise
    except Exception as error:
        return _failed(number, f"{type(error).__name__}: {error}"[:500], now=now)


def _failed(number: int, reason: str, *, now: dt.datetime) -> int:
    with transaction.atomic():
        row = Inbox.objects.select_related("source").get(pk=number)
        row.tries, row.reason = row.tries + 1, reason
        if row.tries < TRIES:
            row.save(update_fields=["tries", "reason"])
            return 0
        row.state = InboxState.PARKED
        row.save(update_fields=["tries", "reason", "state"])
        record(INBOX_PARKED, by=MACHINE, now=now, subject=f"inbox:{row.pk}", source=row.source.name, reason=reason)
        folder = Folder(now=now)
        try:
            body = zlib.decompress(row.body)
        except zlib.error:
            body = bytes(row.body)
        folder.take(folder.source(row.source_id), [unreadable(row.source, body, reason)], received_at=row.received_at)
        folder.write()
        return 1
