"""Moving the write-ahead log into the database, from one connection at a time.

SQLite up to 3.51.2 can damage a log that two connections checkpoint at once, so no connection does it by itself
(`wal_autocheckpoint=0`): the web process's keeper does, the worker's only while there is no web process, and both only
while they hold the flock on `checkpoint.lock`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

PAGE = 4096 + 24  # bytes of a frame in the log
EVERY = 1000 * PAGE
REST = 4 * EVERY  # past this the writers wait a moment, so that the log can begin again at its start
LARGE = 64 * 1024 * 1024
QUIET = 5.0  # seconds without a commit before the file is cut
LOOK = 1.0  # seconds

log = logging.getLogger("firstcall.store")


class Keeper(threading.Thread):
    """Checkpoints while it runs. `above` is the size in bytes from which it acts; the worker's stands back by four."""

    def __init__(self, *, above: int = EVERY) -> None:
        super().__init__(name="checkpoint", daemon=True)
        self._above = above
        self._wake = threading.Event()
        self._stopped = False
        self._written = 0

    def wrote(self, size: int) -> None:
        """The committer tells how many bytes it wrote."""
        self._written += size
        if self._written >= EVERY:
            self._wake.set()

    def stop(self) -> None:
        """End the thread; it may be inside a checkpoint, which is safe to leave."""
        self._stopped = True
        self._wake.set()

    def run(self) -> None:
        connection: Any = connections.create_connection("default")
        if connection.vendor != "sqlite" or connection.is_in_memory_db():
            return
        folder = Path(connection.settings_dict["NAME"]).absolute()
        file = folder.with_name(folder.name + "-wal")
        lock = os.open(folder.parent / "checkpoint.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._look(connection, file, lock)
        finally:
            os.close(lock)
            connection.close()

    def _look(self, connection: Any, file: Path, lock: int) -> None:
        seen, changed = -1, time.monotonic()
        while not self._stopped:
            self._wake.wait(LOOK)
            self._wake.clear()
            try:
                version = _pragma(connection, "data_version")[0]
                size = file.stat().st_size if file.exists() else 0
                if version != seen:
                    seen, changed = version, time.monotonic()
                    if size >= self._above:
                        self._written = 0
                        self._alone(connection, lock, size)
                elif size > LARGE and time.monotonic() - changed > QUIET:
                    self._alone(connection, lock, size, cut=True)
            except (OSError, DatabaseError) as error:
                log.warning("the write-ahead log could not be moved: %s", error)

    def _alone(self, connection: Any, lock: int, size: int, *, cut: bool = False) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        try:
            if cut:
                with_gate(connection, "wal_checkpoint(TRUNCATE)")
                return
            _pragma(connection, "wal_checkpoint(PASSIVE)")
            if size > REST:
                with_gate(connection, "wal_checkpoint(PASSIVE)")
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)


def _pragma(connection: Any, pragma: str) -> Any:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {pragma}").fetchone()


def with_gate(connection: Any, pragma: str) -> Any:
    """Run a checkpoint while no writer writes."""
    connection.gate.acquire()
    try:
        return _pragma(connection, pragma)
    finally:
        connection.gate.release()
