"""The only place that reads the time. Everything else is given `now`: an aware instant in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from zoneinfo import available_timezones

Source = Callable[[], dt.datetime]


def _system() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


_source: Source = _system


def now() -> dt.datetime:
    """The present instant, aware, in UTC. Only edges (views, handlers, CLI, the worker loop) call this."""
    return _source()


@cache
def zones() -> frozenset[str]:
    """Every IANA zone we know. Looked up once: each time walks the disk for some 20 ms."""
    return frozenset(available_timezones())


@contextmanager
def read_from(source: Source) -> Iterator[None]:
    """For simulations and tests: every reader in this process sees the time of `source`."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
