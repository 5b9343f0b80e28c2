"""When a failed try is tried again, and when it is given up in the open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PAGE_PAUSES = (2, 5, 10, 20, 30)  # seconds; then every 30 s until somebody answers
OTHER_PAUSES = (10, 30, 60, 300, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at `at`, or `park` with the reason."""

    at: dt.datetime | None
    reason: str


def next_try(*, lane: str, tries: int, limit: int, error: str, now: dt.datetime) -> Retry:
    """After `tries` failed tries. A page is never parked: losing it is worse than trying for ever."""
    if lane != "page" and tries >= limit:
        return Retry(None, f"{error} (given up after {tries} tries)")
    pauses = PAGE_PAUSES if lane == "page" else OTHER_PAUSES
    return Retry(now + dt.timedelta(seconds=pauses[min(tries, len(pauses)) - 1]), error)
