"""Many signals in a row made few: what repeats is counted before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.detect.rules.signal import Signal

Identity = tuple[int, str]  # the source's id and the dedup_key
Seen = tuple[int, Signal, dt.datetime]  # the source's id, the signal, when it was received


@dataclass(slots=True)
class Run:
    """Signals of one identity that said the same one after the other; `signal` is the first of them."""

    identity: Identity
    signal: Signal
    count: int
    first_at: dt.datetime
    last_at: dt.datetime


def coalesce(seen: Iterable[Seen]) -> list[Run]:
    """Runs in the order in which they began; a change from firing to resolved or back begins a new one."""
    runs: list[Run] = []
    current: dict[Identity, Run] = {}
    for source, signal, at in seen:
        identity = (source, signal.dedup_key)
        run = current.get(identity)
        if run is not None and run.signal.firing is signal.firing:
            run.count += 1
            run.last_at = max(run.last_at, at)
            continue
        run = current[identity] = Run(identity, signal, 1, at, at)
        runs.append(run)
    return runs
