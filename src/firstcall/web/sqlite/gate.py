"""The fair gate before every write to SQLite, shared by all threads and processes of one data folder.

SQLite's own busy handler naps longer and longer, so a busy writer starves a person's single write. Here a writer first
takes its turn (`write.turn`), then the gate (`write.gate`), then gives the turn away: whoever has the turn is next, and
a writer that has just left the gate can't pass them. Both are `flock`s, which the kernel drops when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from django.db.utils import OperationalError
from django.utils.translation import gettext_lazy as _

WAIT = 5.0  # seconds until a writer gives up
NAP = 0.0005  # seconds between two looks; a group commit takes some milliseconds
BUSY = _("The store is busy, nothing was changed. Please try again.")


class StoreBusy(OperationalError):
    """No turn within five seconds: nothing was written."""

    def __init__(self) -> None:
        super().__init__(str(BUSY))


Observer = Callable[[float], None]
observers: list[Observer] = []


def ready_without_core() -> float:
    """Seconds this thread has stood ready without a core so far (0 where the kernel doesn't say)."""
    try:
        with Path("/proc/thread-self/schedstat").open() as stat:
            return int(stat.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Gate:
    """One connection's way through the gate. Not shared between threads at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: tuple[int, int] | None = None
        self._process = 0
        self._since: tuple[float, float] | None = None
        self.held = False

    def _open(self) -> tuple[int, int]:
        if self._files is None or self._process != os.getpid():
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._files = (
                os.open(self._folder / "write.turn", flags, 0o600),
                os.open(self._folder / "write.gate", flags, 0o600),
            )
            self._process = os.getpid()
            self.held = False
        return self._files

    def acquire(self, seconds: float = WAIT) -> None:
        """Wait for the gate. Raises StoreBusy after `seconds`."""
        turn, gate = self._open()
        if self.held:
            return
        end = time.monotonic() + seconds
        _lock(turn, end)
        try:
            _lock(gate, end)
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
        self.held = True
        if observers:
            self._since = (time.monotonic(), ready_without_core())

    def about_to_commit(self) -> None:
        """Tell the observers how long the holder worked: without the commit's own fsync and the wait for a core."""
        if self._since is not None:
            since, waited = self._since
            self._since = None
            for observer in observers:
                observer(time.monotonic() - since - (ready_without_core() - waited))

    def release(self) -> None:
        """Let the next one in; harmless when not held."""
        if not self.held or self._files is None or self._process != os.getpid():
            return
        self.about_to_commit()
        self.held = False
        fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Release, and close the files."""
        self.release()
        if self._files is not None and self._process == os.getpid():
            for file in self._files:
                os.close(file)
        self._files = None


def _lock(file: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= end:
                raise StoreBusy from None
            time.sleep(NAP)
