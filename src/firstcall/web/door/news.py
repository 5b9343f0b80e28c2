"""From the journal to the live views: one thread that is woken by every commit of any process."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import DatabaseError, connection

from firstcall.journal.commands.entry import number_entries
from firstcall.journal.queries.entry import news_after, position_of_news
from firstcall.journal.wake import Wakeup
from firstcall.web.door.follow import Gatekeeper, Pass, as_news
from firstcall.web.door.live import Hub

log = structlog.get_logger()

LOOK = 1.0  # seconds: the longest silence from the store
RECHECK = 3.0  # seconds between two looks at who may still follow
AGAIN = 0.5  # seconds until the store is tried again
# Journal kinds after which everybody's permission is asked again.
ACCESS = ("access.", "person.", "session.", "password.")


class NewsThread(threading.Thread):
    """Numbers entries where that is left to the reader, tells the hub, and ends streams whose permission ended."""

    def __init__(self, hub: Hub, gatekeeper: Gatekeeper) -> None:
        super().__init__(name="news", daemon=True)
        self._hub = hub
        self._gatekeeper = gatekeeper
        self._stop = threading.Event()
        self._position: int | None = None
        self._checked = time.monotonic()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                with Wakeup() as wakeup:
                    if self._position is None:
                        self._position = position_of_news()
                    while not self._stop.is_set():
                        self._round()
                        wakeup.wait(LOOK)
            except DatabaseError as error:
                log.warning("news.store_failed", error=str(error))
                connection.close()
                self._stop.wait(AGAIN)
        connection.close()

    def _round(self) -> None:
        while number_entries():
            pass
        position = self._position or 0
        again = False
        # Most commits add no entry: the head is asked first, because it is the cheaper question.
        while position_of_news() > position and (places := news_after(position)):
            position = places[-1].position
            self._hub.call(self._hub.publish, [as_news(place) for place in places])
            again = again or any(_is_about_access(place.entry.kind) for place in places)
        self._position = position
        self._hub.call(self._hub.confirm, position)
        if again or time.monotonic() - self._checked >= RECHECK:
            self._checked = time.monotonic()
            self._recheck(all_again=again)

    def _recheck(self, *, all_again: bool) -> None:
        if all_again:
            self._gatekeeper.forget()
        viewers = self._hub.viewers()
        if not viewers:
            return
        asked = [(viewer.pass_, viewer.topics) for viewer in viewers if isinstance(viewer.pass_, Pass)]
        over = self._gatekeeper.ended(asked, all_again=all_again)
        for viewer in viewers:
            if isinstance(viewer.pass_, Pass) and (viewer.pass_.session, viewer.topics) in over:
                self._hub.call(self._hub.end, viewer)


def _is_about_access(kind: str) -> bool:
    return kind.startswith(ACCESS) or kind.endswith((".restricted", ".opened_up"))
