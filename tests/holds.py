"""How long transactions hold the gate: everybody else's writes wait for them.

Measured on both databases and also where a test runs inside its own transaction: the time between the outermost
`atomic` of the code under test and its commit, without the time the thread stood ready but had no core.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.transaction import Atomic

from firstcall.web.sqlite.gate import ready_without_core

LIMIT = 0.05  # seconds


class Holds(list[float]):
    """Every hold of the gate during a test, in seconds."""

    def too_long(self, limit: float = LIMIT) -> list[float]:
        return [hold for hold in self if hold > limit]

    def longest_of(self, *tries: Callable[[], object]) -> float:
        """Of the longest hold of each try the shortest: what is slow is slow each time, a busy machine is not."""
        longest = []
        for attempt in tries:
            self.clear()
            attempt()
            longest.append(max(self))
        return min(longest)


class _Depth(threading.local):
    depth = 0
    since = 0.0


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Holds]:
    """Watch transactions without judging them."""
    seen, local = Holds(), _Depth()
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def watched_enter(self: Any) -> None:
        enter(self)
        if not getattr(self, "_from_testcase", False):
            local.depth += 1
            if local.depth == 1:
                local.since = time.monotonic() - ready_without_core()

    def watched_exit(self: Any, *error: Any) -> None:
        if not getattr(self, "_from_testcase", False):
            local.depth -= 1
            if local.depth == 0:
                seen.append(time.monotonic() - ready_without_core() - local.since)
        leave(self, *error)

    monkeypatch.setattr(Atomic, "__enter__", watched_enter)
    monkeypatch.setattr(Atomic, "__exit__", watched_exit)
    yield seen
