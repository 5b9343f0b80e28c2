"""The group commit of the intake: one thread writes what came in meanwhile, and only then it is answered."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, OperationalError, connection, models, transaction

from firstcall.detect.rules.bundle import pack
from firstcall.journal.wake import announce

log = structlog.get_logger()

MOST_ROWS = 500
MOST_BYTES = 256 * 1024
MOST_WAITING = 20_000
MOST_WAITING_BYTES = 64 * 1024 * 1024
BUNDLE = 32 * 1024  # bytes of bodies stored as one row: a few dozen small ones, never two large ones
GATHER = 0.0004  # seconds under load in which those just answered can send again: half as many commits carry them all
LOAD = 4  # rows of the last commit from which that counts as load

OWN = ("source_id", "kind", "received_at", "body", "held", "unreadable")  # the columns that differ from row to row

Wrote = Callable[[int], None]


class Arrival(NamedTuple):
    """One body from a source, as it came. `done(whether it is stored)` is called on the loop."""

    source: int
    kind: str
    at: dt.datetime
    body: bytes
    unreadable: str
    done: Callable[[bool], None]


def bundles(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """Those of one source together, in their order; what could not be read stands by itself."""
    made: list[list[Arrival]] = []
    open_: dict[tuple[int, str], tuple[list[Arrival], int]] = {}
    for one in arrivals:
        some, size = open_.get((one.source, one.kind), ([], BUNDLE))
        size += len(one.body)
        if one.unreadable or size > BUNDLE:
            some, size = [], len(one.body)
            made.append(some)
        some.append(one)
        if not one.unreadable:
            open_[one.source, one.kind] = (some, size)
    return made


class Table:
    """How arrivals become rows: the columns and the constants of a new row are worked out once."""

    def __init__(self, model: type[models.Model]) -> None:
        self._fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self._columns = [str(field.column) for field in self._fields]
        self._name = model._meta.db_table
        self._places = [self._columns.index(name) for name in OWN]
        self._constants: list[Any] = []

    def rows(self, arrivals: Sequence[Arrival]) -> list[list[Any]]:
        """Values in the order of the columns, as the database takes them."""
        if not self._constants:
            self._constants = [
                field.get_db_prep_save(field.get_default(), connection=connection) for field in self._fields
            ]
        return [self._row(some) for some in bundles(arrivals)]

    def _row(self, some: Sequence[Arrival]) -> list[Any]:
        first, row = some[0], self._constants.copy()
        own = (
            first.source, first.kind, connection.ops.adapt_datetimefield_value(first.at),
            pack([one.body for one in some]), len(some), first.unreadable,
        )  # fmt: skip
        for place, value in zip(self._places, own, strict=True):
            row[place] = value
        return row

    def write(self, rows: list[list[Any]]) -> None:
        """Append, inside the caller's transaction: COPY on PostgreSQL, one prepared statement on SQLite."""
        quote = connection.ops.quote_name
        into = f"{quote(self._name)} ({', '.join(quote(column) for column in self._columns)})"
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(self._columns))
            connection.connection.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 (own names)


class Committer(threading.Thread):
    """`put` on the loop; the thread commits at most 500 rows or 256 KB at once."""

    def __init__(self, model: type[models.Model], call: Callable[..., None], wrote: Wrote) -> None:
        super().__init__(name="committer", daemon=True)
        self._table = Table(model)
        self._call = call
        self._wrote = wrote
        self._waiting: deque[Arrival] = deque()
        self._bytes = 0
        self._wake = threading.Event()
        self._ended = False

    def put(self, arrival: Arrival) -> bool:
        """Queue an arrival; False when too much waits already."""
        if self._ended or len(self._waiting) >= MOST_WAITING or self._bytes > MOST_WAITING_BYTES:
            return False
        self._bytes += len(arrival.body)
        self._waiting.append(arrival)
        if not self._wake.is_set():
            self._wake.set()
        return True

    def stop(self) -> None:
        """Take nothing more; what waits is still written."""
        self._ended = True
        self._wake.set()

    def run(self) -> None:
        while True:
            batch = self._take()
            if batch:
                self._commit(batch)
                if len(batch) >= LOAD:
                    time.sleep(GATHER)
            elif self._ended:
                break
            else:
                self._wake.wait()
                self._wake.clear()
        connection.close()

    def _take(self) -> list[Arrival]:
        batch: list[Arrival] = []
        size = 0
        while self._waiting and len(batch) < MOST_ROWS and size < MOST_BYTES:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].body)
        return batch

    def _commit(self, batch: list[Arrival]) -> None:
        stored = self._store(batch)
        self._call(self._tell, batch, stored)

    def _store(self, batch: list[Arrival]) -> list[bool]:
        try:
            rows = self._table.rows(batch)
            with transaction.atomic():
                self._table.write(rows)
                announce()
        except OperationalError as error:
            log.warning("intake.store_failed", error=str(error), arrivals=len(batch))
            connection.close()
            return [False] * len(batch)
        except DatabaseError as error:
            # One of them can't be stored (its source is gone): the others must not suffer for it.
            if len(batch) > 1:
                return [self._store([one])[0] for one in batch]
            log.warning("intake.refused_by_store", error=str(error), source=batch[0].source)
            return [False]
        self._wrote(sum(len(one.body) for one in batch))
        return [True] * len(batch)

    def _tell(self, batch: list[Arrival], stored: list[bool]) -> None:
        """On the loop."""
        for one, kept in zip(batch, stored, strict=True):
            self._bytes -= len(one.body)
            one.done(kept)
