"""How fast this machine is while something else runs: a fixed piece of work, timed now and then in CPU seconds.

A virtual machine with busy neighbours takes two and three times as long for the same code, and says so nowhere but in
how long the same work takes. So a limit in seconds means seconds of the machine it was set on.
"""

from __future__ import annotations

import hashlib
import statistics
import threading
import time

REFERENCE = 0.0060  # seconds of CPU the work takes, beside a suite, on the two quiet cores the limits were set on
EVERY = 3.0  # seconds between two samples


def work() -> None:
    """About ten milliseconds of what a suite does: bytecode, dictionaries, a little hashing."""
    found: dict[str, int] = {}
    for number in range(31_000):
        name = f"{number * 7919 % 4096:x}"
        found[name] = found.get(name, 0) + number
    hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


class Pace:
    """`with Pace() as pace: …`; afterwards `pace.slowness` is 2.0 on a machine half as fast as the reference."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while True:
            start = time.thread_time()
            work()
            self.samples.append(time.thread_time() - start)
            if self._stop.wait(EVERY):
                return

    def __enter__(self) -> Pace:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def slowness(self) -> float:
        return statistics.fmean(self.samples) / REFERENCE
