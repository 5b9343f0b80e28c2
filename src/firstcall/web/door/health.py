"""`/healthz`: healthy means that pages leave in time, not that a process runs."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from firstcall.web.door.answer import Answer, json_answer

LATE = 10.0  # seconds
KEPT = 1.0  # seconds an answer is kept


class Health:
    """`oldest_due_page(now=)` is seconds or None. Called in threads."""

    def __init__(self, oldest_due_page: Callable[..., float | None], *, now: Callable[[], dt.datetime]) -> None:
        self._oldest = oldest_due_page
        self._now = now
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._answer: Answer | None = None

    def answer(self) -> Answer:
        with self._lock:
            if self._answer is None or time.monotonic() - self._asked > KEPT:
                self._answer, self._asked = self._look(), time.monotonic()
            return self._answer

    def _look(self) -> Answer:
        try:
            oldest = self._oldest(now=self._now())
        except DatabaseError:
            connection.close()
            return json_answer(503, {"status": "store", "oldest_due_page": None})
        late = oldest is not None and oldest >= LATE
        seconds = None if oldest is None else round(oldest, 1)
        return json_answer(503 if late else 200, {"status": "late" if late else "ok", "oldest_due_page": seconds})
