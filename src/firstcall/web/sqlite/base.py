"""SQLite as the house wants it: WAL, synchronous=FULL, every write behind one fair gate, one connection checkpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from firstcall.web.sqlite.gate import Gate

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "busy_timeout=5000")
READS = ("SELECT", "PRAGMA", "EXPLAIN", "VALUES", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE")
WORD = re.compile(r"\s*([A-Za-z]+)")
WRITE = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def writes(statement: str) -> bool:
    """Whether a statement standing alone is a transaction of its own that writes."""
    found = WORD.match(statement)
    word = found.group(1).upper() if found else ""
    if word == "WITH":
        return WRITE.search(statement) is not None
    return word not in READS


class Cursor(base.SQLiteCursorWrapper):
    """A write outside a transaction takes the gate too; what it returns is read before the gate opens again."""

    def __init__(self, connection: Any, gate: Gate) -> None:
        super().__init__(connection)
        self._gate = gate
        self._rows: Iterator[Any] | None = None

    def _alone(self, query: str) -> bool:
        self._rows = None
        return not self._gate.held and not self.connection.in_transaction and writes(query)

    def execute(self, query: str, params: Any = None) -> Any:
        if not self._alone(query):
            return super().execute(query, params)
        self._gate.acquire()
        try:
            super().execute(query, params)
            if self.description is not None:
                self._rows = iter(super().fetchall())
        finally:
            self._gate.release()
        return self

    def executemany(self, query: str, param_list: Any) -> Any:
        if not self._alone(query):
            return super().executemany(query, param_list)
        self._gate.acquire()
        try:
            return super().executemany(query, param_list)
        finally:
            self._gate.release()

    def fetchone(self) -> Any:
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        if self._rows is None:
            return super().fetchmany(size or self.arraysize)
        return [row for _, row in zip(range(size or self.arraysize), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)


class DatabaseWrapper(base.DatabaseWrapper):
    """Every transaction begins IMMEDIATE behind the gate of its folder; a database in memory needs none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate: Gate | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.setdefault("timeout", 5)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.transaction_mode = "IMMEDIATE"
        if not self.is_in_memory_db():
            self.gate = Gate(Path(self.settings_dict["NAME"]).absolute().parent)
        connection = super().get_new_connection(conn_params)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        gate = self.gate
        if gate is None:
            return super().create_cursor(name)
        return self.connection.cursor(factory=lambda connection: Cursor(connection, gate))

    def _start_transaction_under_autocommit(self) -> None:
        if self.gate is not None:
            self.gate.acquire()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        if self.gate is not None:
            self.gate.about_to_commit()
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            # After a failed commit the transaction is still open: Django rolls it back next.
            if self.connection is None or not self.connection.in_transaction:
                self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self.gate is not None:
                self.gate.close()
                self.gate = None

    def _leave(self) -> None:
        if self.gate is not None:
            self.gate.release()
