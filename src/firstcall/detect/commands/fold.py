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
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from firstcall.detect.commands.alert import AlertBatch, ChangedMeanwhile
from firstcall.detect.commands.group import end_silent
from firstcall.detect.events import INBOX_PARKED
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source
from firstcall.detect.queries.alert import open_alerts
from firstcall.detect.rules.repeat import Identity, coalesce, stretches
from firstcall.detect.rules.signal import Signal, safe
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.journal.commands.entry import record
from firstcall.journal.wake import announce
from firstcall.kernel.actor import MACHINE

log = structlog.get_logger()

BATCH = 500
MOST_FAMILIAR = 100_000  # identities remembered
MOST_IDENTITIES = 4_000  # in one transaction, and
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


class Familiar:
    """The identities of bodies read before that only fire: what repeats word for word is not read again.

    Bounded by what it holds; a body is known by its digest, so nothing in it can be out of date.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[int, bytes], tuple[str, ...]] = {}
        self._held = 0

    def keys_of(self, row: Row) -> tuple[str, ...] | None:
        """The dedup_keys of this row's body, None when it must be read."""
        return None if row.unreadable else self._keys.get(_known_by(row))

    def keep(self, row: Row, found: list[Signal]) -> None:
        """Remember a body of a source that says the same whenever it is received."""
        if row.unreadable or not all(signal.firing and not signal.raw for signal in found):
            return
        name = _known_by(row)
        if name in self._keys:
            return
        while self._keys and self._held + len(found) > MOST_FAMILIAR:
            self._held -= len(self._keys.pop(next(iter(self._keys))))
        self._keys[name] = tuple(signal.dedup_key for signal in found)
        self._held += len(found)


def _known_by(row: Row) -> tuple[int, bytes]:
    return row.source, hashlib.blake2b(row.body, digest_size=16, key=row.kind.encode()).digest()


class Batch:
    """Some rows and what they say, reckoned before the transaction."""

    def __init__(self, rows: list[Row], familiar: Familiar, sources: dict[int, Source], *, now: dt.datetime) -> None:
        self.now, self.sources, self._familiar = now, sources, familiar
        self.rows: list[Row] = []
        self.read: list[tuple[Row, list[Signal]]] = []
        self.again: dict[tuple[int, tuple[str, ...]], tuple[int, dt.datetime, list[Row]]] = {}
        identities: set[Identity] = set()
        for row in rows:
            if len(identities) > MOST_IDENTITIES:
                break
            keys = familiar.keys_of(row)
            if keys is not None:
                count, last, same = self.again.get((row.source, keys), (0, row.received_at, []))
                same.append(row)
                self.again[row.source, keys] = (count + 1, max(last, row.received_at), same)
                if count == 0:
                    identities.update((row.source, key) for key in keys)
            elif (found := self._read(row)) is not None:
                identities.update((row.source, signal.dedup_key) for signal in found)
            else:
                continue
            self.rows.append(row)
        self.known = open_alerts(identities)
        self._read_what_is_not_only_repeated()
        self._leave_what_is_too_much()

    def _read(self, row: Row) -> list[Signal] | None:
        source = self.sources[row.source]
        try:
            found = signals_of(row, source.name, self._familiar)
        except Exception as error:
            _failed(row, source, error, now=self.now)
            return None
        self.read.append((row, found))
        return found

    def _read_what_is_not_only_repeated(self) -> None:
        """Familiar bodies count without being read as long as all they name fires, and nothing ends in this batch."""
        ends = any(not signal.firing for _row, found in self.read for signal in found)
        for (source, keys), (_count, _last, same) in list(self.again.items()):
            if ends or not all((source, key) in self.known for key in keys):
                del self.again[source, keys]
                for row in same:
                    if self._read(row) is None:
                        self.rows.remove(row)
        self.read.sort(key=lambda one: one[0].id)

    def _leave_what_is_too_much(self) -> None:
        """Keep as many rows, at least one, as bring no more new identities than one transaction should write."""
        fresh: set[Identity] = set()
        for place, (row, found) in enumerate(self.read):
            for signal in found:
                if signal.firing and (row.source, signal.dedup_key) not in self.known:
                    fresh.add((row.source, signal.dedup_key))
            if len(fresh) > MOST_FRESH and place:
                left = {row.id for row, _found in self.read[place:]}
                self.read = self.read[:place]
                self.rows = [row for row in self.rows if row.id not in left]
                return

    def write(self) -> int:
        """Take the rows and write what follows; 0 and nothing written when something changed meanwhile."""
        runs = coalesce((row.source, signal, row.received_at) for row, found in self.read for signal in found)
        alerts = AlertBatch(self.sources, self.known, now=self.now)
        for (source, keys), (count, last, _same) in self.again.items():
            for key in keys:
                alerts.repeat(self.known[source, key], count, last)
        try:
            with transaction.atomic():
                self._take()
                alerts.fold(runs)
                Source.objects.filter(pk__in=self.sources).update(last_heard_at=self.now)
                announce()
        except ChangedMeanwhile:
            return 0
        return len(self.rows)

    def _take(self) -> None:
        pairs, rest = stretches(row.id for row in self.rows)
        new = Inbox.objects.filter(state=InboxState.NEW)
        mine = sum(new.filter(pk__range=pair).update(state=InboxState.FOLDED) for pair in pairs)
        if rest:
            mine += new.filter(pk__in=rest).update(state=InboxState.FOLDED)
        if mine != len(self.rows):
            raise ChangedMeanwhile


class Fold:
    """Folds the inbox; what it has read before it knows again. One thread at a time uses it."""

    def __init__(self) -> None:
        self._familiar = Familiar()

    def run(self, *, now: dt.datetime, at_most: int = BATCH) -> int:
        """Fold the oldest new rows; how many left the inbox. 0 also when another worker was quicker."""
        end_silent(now=now)
        failed_before = waiting_rows(at_most, failed_before=True)
        done = self._together(waiting_rows(at_most, failed_before=False), now=now)
        return done + sum(self._alone(row, now=now) for row in failed_before)

    def _together(self, rows: list[Row], *, now: dt.datetime) -> int:
        if not rows:
            return 0
        sources = Source.objects.select_related("component").in_bulk({row.source for row in rows})
        batch = Batch(rows, self._familiar, sources, now=now)
        if not batch.rows:
            return 0
        try:
            return batch.write()
        except (OperationalError, InterfaceError):
            raise  # the store, not the rows: tried again as a whole
        except Exception as error:
            log.warning("fold.batch_failed", rows=len(batch.rows), error=f"{type(error).__name__}: {error}")
            return sum(self._alone(row, now=now) for row in batch.rows)

    def _alone(self, row: Row, *, now: dt.datetime) -> int:
        """One row by itself: 1 when it left the inbox, 0 when it failed and will be tried again."""
        source = Source.objects.select_related("component").get(pk=row.source)
        batch = Batch([row], Familiar(), {source.pk: source}, now=now)
        if not batch.rows:
            return 0
        try:
            return batch.write()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            return _failed(row, source, error, now=now)


def fold_inbox(*, now: dt.datetime, at_most: int = BATCH) -> int:
    """Fold the oldest new rows once; how many left the inbox."""
    return Fold().run(now=now, at_most=at_most)


def waiting_rows(at_most: int, *, failed_before: bool) -> list[Row]:
    """New rows in the order in which they were stored. One statement."""
    rows = Inbox.objects.filter(state=InboxState.NEW).order_by("id")
    rows = rows.filter(tries__gt=0) if failed_before else rows.filter(tries=0)
    return [Row(*values) for values in rows.values_list(*COLUMNS)[:at_most]]


def signals_of(row: Row, source: str, familiar: Familiar) -> list[Signal]:
    """What a row says; one that can't be read is a signal too, with its raw text."""
    body = zlib.decompress(row.body)
    if row.unreadable:
        return [unreadable(source, body, row.unreadable)]
    module = importlib.import_module(f"firstcall.detect.sources.{row.kind}")
    try:
        message = module.decode(body)
        found: list[Signal] = module.signals(message, at=row.received_at)
    except Unreadable as why:
        return [unreadable(source, body, why.sentence)]
    if module.lasting(message):
        familiar.keep(row, found)
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
