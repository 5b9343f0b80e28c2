"""Quiet hours: when somebody is left to sleep, but for a severity that breaks them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.ready.rules.window import EVERY_DAY, Window, spans


@dataclass(frozen=True, slots=True)
class Quiet:
    """Every day from `starts` until before `ends`, wall times of the person's `zone`.

    With `ends` no later than `starts` they go on into the next day. Clock changes: by the policy of `window.py`.
    """

    starts: dt.time
    ends: dt.time
    zone: str


def quiet_until(quiet: Quiet | None, *, breaks: bool, at: dt.datetime) -> dt.datetime | None:
    """When a page planned for `at` may go out, in UTC; None: at `at` itself. `breaks`: its severity breaks them."""
    if quiet is None or breaks:
        return None
    window = Window(EVERY_DAY, quiet.starts, quiet.ends)
    covering = spans((window,), quiet.zone, start=at, end=at + dt.timedelta.resolution)
    return max((span.ends for span in covering if span.starts <= at), default=None)
