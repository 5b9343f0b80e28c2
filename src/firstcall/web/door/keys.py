"""Which intake keys are alive: a picture of the table that is never older than a second when it is believed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, connection

from firstcall.kernel.ids import digest

log = structlog.get_logger()

FRESH = 0.4  # seconds after which a new picture is asked for
BELIEVED = 0.9  # seconds after which the picture counts no more: a revoked key is dead within a second
PAUSE = 0.03  # seconds between two pictures, so that a rain of wrong keys costs little
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """The source a living key belongs to."""

    source: int
    kind: str


Load = Callable[[], dict[str, KeyOwner]]
Told = Callable[[KeyOwner | None, bool], None]
Call = Callable[..., None]


class Keys(threading.Thread):
    """`find` answers on the loop from the picture; `ask` answers from a new one."""

    def __init__(self, load: Load, call: Call) -> None:
        super().__init__(name="keys", daemon=True)
        self._load = load
        self._call = call
        self._picture: dict[str, KeyOwner] = {}
        self._known: dict[str, KeyOwner] = {}
        self._taken = float("-inf")
        self._wake = threading.Event()
        self._waiting: list[tuple[str, Told]] = []
        self._ended = False

    def find(self, key: str) -> KeyOwner | None:
        """Who owns the key, None when the picture can't say so now: then `ask`."""
        age = time.monotonic() - self._taken
        if age > FRESH:
            self._wake.set()
            if age > BELIEVED:
                return None
        owner = self._known.get(key)
        if owner is None:
            owner = self._picture.get(digest(key))
            if owner is not None and len(self._known) < MOST_KNOWN:
                self._known[key] = owner
        return owner

    def ask(self, key: str, told: Told) -> None:
        """`told(owner or None, the store answered)` is called on the loop after a picture taken from now on."""
        self._waiting.append((key, told))
        self._wake.set()

    def stop(self) -> None:
        self._ended = True
        self._wake.set()

    def run(self) -> None:
        while not self._ended:
            self._wake.wait()
            self._wake.clear()
            waiting, self._waiting = self._waiting, []
            began = time.monotonic()
            try:
                picture, answered = self._load(), True
            except DatabaseError as error:
                log.warning("keys.store_failed", error=str(error))
                connection.close()
                picture, answered = {}, False
            self._call(self._tell, waiting, picture, answered, began)
            time.sleep(PAUSE)
        connection.close()

    def _tell(
        self, waiting: list[tuple[str, Told]], picture: dict[str, KeyOwner], answered: bool, began: float
    ) -> None:
        """On the loop."""
        if answered:
            self._picture, self._known, self._taken = picture, {}, began
        for key, told in waiting:
            told(picture.get(digest(key)), answered)
