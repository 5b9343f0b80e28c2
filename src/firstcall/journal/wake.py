"""Being woken by a commit of any process instead of asking again and again.

SQLite: `PRAGMA data_version` changes when another connection commits; reading it costs microseconds.
PostgreSQL: LISTEN and NOTIFY.
"""

from __future__ import annotations

import time
from types import TracebackType

from django.db import connection, connections

CHANNEL = "firstcall"
LOOK_EVERY = 0.02  # seconds between two looks at SQLite's counter


def announce() -> None:
    """Wake whoever waits once the current transaction is committed. Costs nothing on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


class Wakeup:
    """One waiting thread's ear. Use it as a context manager, from one thread only."""

    def __init__(self) -> None:
        self._connection = connections.create_connection("default")
        self._seen = -1

    def __enter__(self) -> Wakeup:
        self._connection.ensure_connection()
        if self._connection.vendor == "postgresql":
            with self._connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
        else:
            self._seen = self._version()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _version(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])

    def wait(self, seconds: float) -> bool:
        """Until another connection commits (True) or `seconds` have passed (False)."""
        if self._connection.vendor == "postgresql":
            return any(True for _ in self._connection.connection.notifies(timeout=seconds, stop_after=1))
        end = time.monotonic() + seconds
        while True:
            version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(LOOK_EVERY, left))
