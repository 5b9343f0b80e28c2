"""How long somebody who failed to sign in waits before the next try counts. Never for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` tries without a wait; then `first` seconds, twice as long each time, at most `most` seconds."""

    free: int
    first: int
    most: int


ACCOUNT = Limit(free=5, first=4, most=15 * 60)
ADDRESS = Limit(free=20, first=4, most=15 * 60)
CODE_MAIL = Limit(free=5, first=60, most=60 * 60)
FORGOTTEN = dt.timedelta(days=1)


def wait_after(failures: int, limit: Limit) -> dt.timedelta:
    """The wait that follows this many failures in a row."""
    if failures < limit.free:
        return dt.timedelta(0)
    return dt.timedelta(seconds=min(limit.most, limit.first * 2 ** min(failures - limit.free, 20)))
