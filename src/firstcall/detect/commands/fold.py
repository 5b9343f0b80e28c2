"""Folding the inbox: from what came in to what a person sees.

Bodies are read and repeats are counted before the transaction begins; inside it the rows are taken by a
compare-and-swap, so that two workers never fold one twice, and all that follows from them is written with them.
A body that can't be folded is taken out of the way, tried alone, and after five tries parked: it still pages, with its
raw text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from firstcall.detect.commands.alert import AlertBatch, ChangedMeanwhile
from firstcall.detect.commands.group import end_silent
from firstcall.detect.events import INBOX_PARKED
from firstcall.detect.models.inbox import Inbox, InboxState
from firstcall.detect.models.source import Source, SourceKind
from firstcall.detect.queries.alert import Known, open_alerts, tally
from firstcall.detect.queries.among import among
from firstcall.detect.rules.bundle import pack, unpack
from firstcall.detect.rules.repeat import Identity, coalesce
from firstcall.detect.rules.signal import Signal, safe
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.journal.commands.entry import record
from firstcall.journal.wake import announce
from firstcall.kernel.actor import MACHINE

log = structlog.get_logger()

BATCH = 500
MOST_FAMILIAR = 100_000  # identities remembered
MOST_IDENTITIES = 10_000  # in one transaction, and
MOST_READ = 2_000  # signals that were not familiar
MOST_FRESH = 150  # of them new: others wait for the store meanwhile
TRIES = 5
RAW = 4000  # characters kept of a body that can't be read
COLUMNS = ("id", "source_id", "kind", "received_at", "body", "held", "unreadable")


class Row(NamedTuple):
    """One inbox row."""

    id: int
    source: int
    kind: str
    received_at: dt.datetime
    body: bytes
    held: int
    unreadable: str


Name = tuple[int, str, bytes]  # of a body: its source, the source's kind, its digest


class Familiar:
    """A body read before that only fires: whom it names, and what is counted when it comes again."""

    __slots__ = ("_losses", "identities", "tally")

    def __init__(self, identities: tuple[Identity, ...]) -> None:
        self.identities = identities
        self.tally = tally(())
        self._losses = -1

    def fires(self, known: Known) -> bool:
        """Whether all it names is known to fire; looked up anew once something known is gone."""
        if self._losses != known.losses:
            found = [known[identity] for identity in self.identities if identity in known]
            if len(found) != len(self.identities):
                return False
            self.tally, self._losses = tally(found), known.losses
        return True


class Memory:
    """What a fold knows from before: what fires, and bodies, so that what repeats word for word is not read again.

    Bounded by what it holds. A body is known by its digest, so nothing in it can be out of date; what fires is checked
    by every write, so that what is out of date changes nothing.
    """

    def __init__(self) -> None:
        self.known = Known()
        self._bodies: dict[Name, Familiar] = {}
        self._held = 0

    def body(self, name: Name) -> Familiar | None:
        """None when it must be read."""
        return self._bodies.get(name)

    def keep(self, name: Name, found: list[Signal]) -> None:
        """Remember a body that says the same whenever it is received."""
        if name in self._bodies or not all(signal.firing and not signal.raw for signal in found):
            return
        while self._bodies and self._held + len(found) > MOST_FAMILIAR:
            self._held -= len(self._bodies.pop(next(iter(self._bodies))).identities)
        self._bodies[name] = Familiar(tuple((name[0], signal.dedup_key) for signal in found))
        self._held += len(found)

    def forget(self) -> None:
        """Something may have ended behind our back: what fires must be read again."""
        self.known.clear()


def name_of(row: Row, body: bytes) -> Name:
    """What a body of this row is remembered by."""
    return row.source, row.kind, hashlib.blake2b(body, digest_size=16).digest()


class Batch:
    """Some rows and what they say, reckoned before the transaction.

    What is known to fire is completed by what these rows name, and kept up to date by what they change. Of a body that
    only names what is known to fire, it is only counted that it came (`again`).
    """

    def __init__(
        self, rows: list[Row], memory: Memory, sources: dict[int, Source], *, now: dt.datetime, count: bool = True
    ) -> None:
        self.now, self.sources, self.known = now, sources, memory.known
        self.count, self._memory = count, memory
        self.rows: list[Row] = []
        self.read: list[tuple[Row, list[Signal]]] = []
        self.again: dict[dt.datetime, Counter[Familiar]] = defaultdict(Counter)  # by the second in which they came
        self._latest: dict[dt.datetime, dt.datetime] = {}  # of each second
        self.failure: Exception | None = None  # why the row after these can't be read
        self._named = self._signals = 0
        for row in rows:
            if self._named > MOST_IDENTITIES or self._signals > MOST_READ or not self._hear(row):
                break
        named = {(row.source, signal.dedup_key) for row, found in self.read for signal in found}
        self.known.update(open_alerts(named.difference(self.known)))

    def _hear(self, row: Row) -> bool:
        """Read of this row what is not familiar; False when something can't be."""
        again: list[Familiar] = []
        read: list[tuple[Row, list[Signal]]] = []
        count = self.count and not row.unreadable
        try:
            for body in unpack(row.body, row.held):
                familiar = self._memory.body(name_of(row, body)) if count else None
                if familiar is not None and familiar.fires(self.known):
                    again.append(familiar)
                else:
                    read.append((row, signals_of(row, body, self.sources[row.source].name, self._memory)))
        except Exception as error:
            self.failure = error
            return False
        self.rows.append(row)
        if again:
            second = row.received_at.replace(microsecond=0)
            self._latest[second] = max(row.received_at, self._latest.get(second, row.received_at))
            heard = self.again[second]
            self._named += sum(len(familiar.identities) for familiar in set(again) if familiar not in heard)
            heard.update(again)
        self.read += read
        self._signals += sum(len(found) for _row, found in read)
        return True

    def ends(self) -> bool:
        """Whether something ends in these rows: then what only repeats must be read too, each in its turn."""
        return bool(self.again) and any(not signal.firing for _row, found in self.read for signal in found)

    def enough(self) -> int:
        """How many of these rows, at least one, bring no more new identities than one transaction should write."""
        fresh: set[Identity] = set()
        last = self.rows[0]
        for row, found in self.read:
            if len(fresh) > MOST_FRESH and row is not last:
                return self.rows.index(row)
            last = row
            names = ((row.source, signal.dedup_key) for signal in found if signal.firing)
            fresh.update(name for name in names if name not in self.known)
        return len(self.rows)

    def write(self) -> None:
        """Take the rows and write what follows. Raises ChangedMeanwhile, and has written nothing."""
        write = self.reckoned()
        with transaction.atomic():
            self._take()
            write()
            Source.objects.filter(pk__in=self.sources).update(last_heard_at=self.now)
            announce()

    def _take(self) -> None:
        new = Inbox.objects.filter(among("id", [row.id for row in self.rows]), state=InboxState.NEW)
        if new.update(state=InboxState.FOLDED) != len(self.rows):
            raise ChangedMeanwhile

    def reckoned(self) -> Callable[[], None]:
        """What writes what the rows say, inside a transaction; all that can be reckoned before is."""
        runs = coalesce((row.source, signal, row.received_at) for row, found in self.read for signal in found)
        alerts = AlertBatch(self.sources, self.known, now=self.now)
        for second, heard in self.again.items():
            alerts.repeat([(familiar.tally, times) for familiar, times in heard.items()], self._latest[second])
        return partial(alerts.fold, runs)


class Fold:
    """Folds the inbox; what it has read before it knows again, and what fires. One thread at a time uses it."""

    def __init__(self) -> None:
        self._memory = Memory()
        self.more = False  # whether rows were left after the last run

    def run(self, *, now: dt.datetime, at_most: int = BATCH) -> int:
        """Fold the oldest new rows; how many left the inbox. 0 also when another worker was quicker."""
        if end_silent(now=now) or len(self._memory.known) > MOST_FAMILIAR:
            self._memory.forget()
        failed_before = waiting_rows(at_most, failed_before=True)
        rows = waiting_rows(at_most, failed_before=False)
        done = self._together(rows, now=now)
        self.more = 0 < done < len(rows) or len(rows) == at_most
        return done + sum(self._alone(row, now=now) for row in failed_before)

    def _together(self, rows: list[Row], *, now: dt.datetime) -> int:
        if not rows:
            return 0
        sources = Source.objects.select_related("component").in_bulk({row.source for row in rows})
        batch = self._batch(rows, sources, now=now)
        if not batch.rows:
            return self._alone(rows[0], now=now)
        try:
            batch.write()
        except Exception as error:
            self._memory.forget()
            if isinstance(error, ChangedMeanwhile):
                return 0
            if isinstance(error, OperationalError | InterfaceError):
                raise  # the store, not the rows: tried again as a whole
            log.warning("fold.batch_failed", rows=len(batch.rows), error=f"{type(error).__name__}: {error}")
            return sum(self._alone(row, now=now) for row in batch.rows)
        return len(batch.rows)

    def _batch(self, rows: list[Row], sources: dict[int, Source], *, now: dt.datetime) -> Batch:
        """As many of these rows as one transaction should write; none when the first can't be read."""
        batch = Batch(rows, self._memory, sources, now=now)
        if batch.ends():
            batch = Batch(batch.rows, self._memory, sources, now=now, count=False)
        if batch.rows and (few := batch.enough()) < len(batch.rows):
            batch = Batch(batch.rows[:few], self._memory, sources, now=now, count=batch.count)
        return batch

    def _alone(self, row: Row, *, now: dt.datetime) -> int:
        """One row by itself: 1 when it left the inbox, 0 when it failed and will be tried again."""
        self._memory.forget()
        source = Source.objects.select_related("component").get(pk=row.source)
        try:
            if row.held > 1:
                return _each(row, source, now=now)
            _one(row, source, now=now).write()
        except ChangedMeanwhile:
            return 0
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            return _failed(row, source, error, now=now)
        return 1


def _one(row: Row, source: Source, *, now: dt.datetime) -> Batch:
    """A batch of one row that takes nothing for known. Raises what keeps the row from being read."""
    batch = Batch([row], Memory(), {source.pk: source}, now=now)
    if batch.failure is not None:
        raise batch.failure
    return batch


def _each(row: Row, source: Source, *, now: dt.datetime) -> int:
    """Fold the bodies of a row in their order; one that can't be becomes a row of its own, to be tried again."""
    with transaction.atomic():
        if not Inbox.objects.filter(pk=row.id, state=InboxState.NEW).update(state=InboxState.FOLDED):
            raise ChangedMeanwhile
        for body in unpack(row.body, row.held):
            single = row._replace(body=pack([body]), held=1)
            try:
                with transaction.atomic():
                    _one(single, source, now=now).reckoned()()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                Inbox.objects.create(
                    source=source, kind=row.kind, received_at=row.received_at, body=single.body, tries=1,
                    reason=_reason(error),
                )  # fmt: skip
        announce()
    return 1


def fold_inbox(*, now: dt.datetime, at_most: int = BATCH) -> int:
    """Fold the oldest new rows once; how many left the inbox."""
    return Fold().run(now=now, at_most=at_most)


def waiting_rows(at_most: int, *, failed_before: bool) -> list[Row]:
    """New rows in the order in which they were stored. One statement."""
    rows = Inbox.objects.filter(state=InboxState.NEW).exclude(kind=SourceKind.DEPLOY).order_by("id")
    rows = rows.filter(tries__gt=0) if failed_before else rows.filter(tries=0)
    return [Row(*values) for values in rows.values_list(*COLUMNS)[:at_most]]


def signals_of(row: Row, body: bytes, source: str, memory: Memory) -> list[Signal]:
    """What a body of this row says; one that can't be read is a signal too, with its raw text."""
    if row.unreadable:
        return [unreadable(source, body, row.unreadable)]
    module = importlib.import_module(f"firstcall.detect.sources.{row.kind}")
    try:
        message = module.decode(body)
        found: list[Signal] = module.signals(message, at=row.received_at)
    except Unreadable as why:
        return [unreadable(source, body, why.sentence)]
    if module.lasting(message):
        memory.keep(name_of(row, body), found)
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
    reason = _reason(error)
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
        AlertBatch({source.pk: source}, Known(open_alerts([runs[0].identity])), now=now).fold(runs)
        return 1


def _reason(error: Exception) -> str:
    return safe(f"{type(error).__name__}: {error}", most=500)


def _raw(row: Row) -> bytes:
    try:
        return zlib.decompress(row.body)
    except zlib.error:
        return bytes(row.body)
