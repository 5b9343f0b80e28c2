"""Folding the inbox: from what came in to what a person sees.

Bodies are read and repeats are counted before the transaction begins; inside it the rows are taken by a
compare-and-swap, so that two workers never fold one twice, and all that follows from them is written with them.
A row that can't be folded is taken out of the way, tried alone, and after five tries parked: it still pages, with its
raw text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import zlib
from itertools import chain
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from firstcall.detect.commands.alert import AlertBatch, ChangedMeanwhile
from firstcall.detect.commands.group import end_silent
from firstcall.detect.events import INBOX_PARKED
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.queries.alert import Open, open_alerts
from firstcall.detect.rules.repeat import Identity, Run, Seen, coalesce
from firstcall.detect.rules.signal import Signal, safe
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.journal.commands.entry import record
from firstcall.journal.wake import announce
from firstcall.kernel.actor import MACHINE

log = structlog.get_logger()

BATCH = 500
MOST_IDENTITIES = 1000  # in one transaction, and
MOST_FRESH = 150  # of them new: others wait for the store meanwhile
TRIES = 5
RAW = 4000  # characters kept of a body that can't be read
COLUMNS = ("id", "source_id", "kind", "received_at", "body", "unreadable")


class Row(NamedTuple):
    """One inbox row."""

    id: int
    source: int
    kind: str
    received_at: dt.datetime
    body: bytes
    unreadable: str


def fold_inbox(*, now: dt.datetime, at_most: int = BATCH) -> int:
    """Fold the oldest new rows; how many left the inbox. 0 also when another worker was quicker."""
    end_silent(now=now)
    failed_before = waiting_rows(at_most, failed_before=True)
    done = _fold_together(waiting_rows(at_most, failed_before=False), now=now)
    return done + sum(_fold_alone(row, now=now) for row in failed_before)


def waiting_rows(at_most: int, *, failed_before: bool) -> list[Row]:
    """New rows in the order in which they were stored. One statement."""
    rows = Inbox.objects.filter(state=InboxState.NEW).order_by("id")
    rows = rows.filter(tries__gt=0) if failed_before else rows.filter(tries=0)
    return [Row(*values) for values in rows.values_list(*COLUMNS)[:at_most]]


def _fold_together(rows: list[Row], *, now: dt.datetime) -> int:
    if not rows:
        return 0
    sources = Source.objects.select_related("component").in_bulk({row.source for row in rows})
    seen: list[tuple[Row, list[Seen]]] = []
    identities: set[Identity] = set()
    for row in rows:
        if len(identities) > MOST_IDENTITIES:
            break
        try:
            found = signals_of(row, sources[row.source].name)
        except Exception as error:
            _failed(row, sources[row.source], error, now=now)
            continue
        seen.append((row, [(row.source, signal, row.received_at) for signal in found]))
        identities.update((row.source, signal.dedup_key) for signal in found)
    known = open_alerts(identities)
    seen = _a_few_new(seen, known)
    taken = [row for row, _found in seen]
    runs = coalesce(chain.from_iterable(found for _row, found in seen))
    try:
        return _write(taken, runs, known, sources, now=now)
    except (OperationalError, InterfaceError):
        raise  # the store, not the rows: tried again as a whole
    except Exception as error:
        log.warning("fold.batch_failed", rows=len(taken), error=f"{type(error).__name__}: {error}")
        return sum(_fold_alone(row, now=now) for row in taken)


def _a_few_new(seen: list[tuple[Row, list[Seen]]], known: dict[Identity, Open]) -> list[tuple[Row, list[Seen]]]:
    """As many of the rows, at least one, as bring no more new identities than one transaction should write."""
    fresh: set[Identity] = set()
    for place, (_row, found) in enumerate(seen):
        for source, signal, _at in found:
            if signal.firing and (source, signal.dedup_key) not in known:
                fresh.add((source, signal.dedup_key))
        if len(fresh) > MOST_FRESH and place:
            return seen[:place]
    return seen


def _write(
    rows: list[Row], runs: list[Run], known: dict[Identity, Open], sources: dict[int, Source], *, now: dt.datetime
) -> int:
    """Take the rows and write what follows from them; 0 and nothing written when something changed meanwhile."""
    try:
        with transaction.atomic():
            numbers = [row.id for row in rows]
            mine = Inbox.objects.filter(pk__in=numbers, state=InboxState.NEW).update(state=InboxState.FOLDED)
            if mine != len(numbers):
                raise ChangedMeanwhile
            AlertBatch(sources, known, now=now).fold(runs)
            Source.objects.filter(pk__in=sources).update(last_heard_at=now)
            announce()
    except ChangedMeanwhile:
        return 0
    return len(rows)


def signals_of(row: Row, source: str) -> list[Signal]:
    """What a row says; one that can't be read is a signal too, with its raw text."""
    body = zlib.decompress(row.body)
    if row.unreadable:
        return [unreadable(source, body, row.unreadable)]
    module = importlib.import_module(f"firstcall.detect.sources.{row.kind}")
    try:
        found: list[Signal] = module.signals(module.decode(body), at=row.received_at)
    except Unreadable as why:
        return [unreadable(source, body, why.sentence)]
    return found


def unreadable(source: str, body: bytes, reason: str) -> Signal:
    """The signal of a body nobody could read. Its identity is the body: another one is shown too, with its own text."""
    return Signal(
        dedup_key=f"unreadable:{hashlib.blake2b(body, digest_size=16).hexdigest()}",
        firing=True,
        title=safe(_("A message from {source} that we could not read").format(source=source), most=250),
        severity="error",
        annotations={"reason": safe(reason, most=500)},
        raw=safe(body[: RAW * 4].decode("utf-8", "replace"), most=RAW) or _("(it was empty)"),
    )


def _fold_alone(row: Row, *, now: dt.datetime) -> int:
    """One row by itself: 1 when it left the inbox, 0 when it failed and will be tried again."""
    source = Source.objects.select_related("component").get(pk=row.source)
    try:
        runs = coalesce((row.source, signal, row.received_at) for signal in signals_of(row, source.name))
        return _write([row], runs, open_alerts(run.identity for run in runs), {source.pk: source}, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        return _failed(row, source, error, now=now)


def _failed(row: Row, source: Source, error: Exception, *, now: dt.datetime) -> int:
    """Count the try; after the last one the row is parked and pages. 1 when it left the inbox."""
    reason = safe(f"{type(error).__name__}: {error}", most=500)
    with transaction.atomic():
        inbox = Inbox.objects.select_for_update().get(pk=row.id)
        if inbox.state != InboxState.NEW:
            return 0
        inbox.tries, inbox.reason = inbox.tries + 1, reason
        if inbox.tries < TRIES:
            inbox.save(update_fields=["tries", "reason"])
            return 0
        inbox.state = InboxState.PARKED
        inbox.save(update_fields=["tries", "reason", "state"])
        record(INBOX_PARKED, by=MACHINE, now=now, subject=f"inbox:{row.id}", source=source.name, reason=reason)
        signal = unreadable(source.name, _raw(row), reason)
        runs = coalesce([(source.pk, signal, row.received_at)])
        AlertBatch({source.pk: source}, open_alerts([runs[0].identity]), now=now).fold(runs)
        return 1


def _raw(row: Row) -> bytes:
    try:
        return zlib.decompress(row.body)
    except zlib.error:
        return bytes(row.body)
