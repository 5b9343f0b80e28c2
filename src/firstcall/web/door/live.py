"""The hub of live views: one encoded piece for all who follow a topic.

A stream (server-sent events, WHATWG HTML 9.2) says only that something happened at a position and which regions of the
page it touched; the page fetches them. `beat` comes every 3 s with the position while the store answers, so that a view
that hears nothing for 10 s knows that it isn't live. The hub belongs to the loop; other threads go through `call`.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

BEAT = 3.0  # seconds
DOUBT = 5.0  # seconds without a word from the store after which no beat is sent
MOST_UNSENT = 64 * 1024
REMEMBERED = 1000
MOST_TOPICS = 8
TOPIC = re.compile(r"[a-z][a-z_]{0,30}(:[0-9A-Za-z_-]{1,60})?")
HELLO = b"retry: 1000\n\n"
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


@dataclass(frozen=True, slots=True)
class News:
    """One journal entry as the streams see it."""

    position: int
    topics: tuple[str, ...]
    regions: tuple[str, ...]


class Viewer(Protocol):
    """One open stream. `pass_` is what its permission is checked by."""

    topics: tuple[str, ...]
    pass_: Any

    def write(self, piece: bytes) -> None: ...
    def unsent(self) -> int: ...
    def close(self) -> None: ...


def encode(event: str, facts: dict[str, Any], *, position: int | None = None) -> bytes:
    """One event. `position` becomes its id, which a reader sends back as Last-Event-ID."""
    name = f"id: {position}\n" if position is not None else ""
    return f"{name}event: {event}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n".encode()


def topics_of(path: str) -> tuple[str, ...] | None:
    """The topics of `/live/<topic>,<topic>`; None when one is malformed or there are too many."""
    topics = tuple(dict.fromkeys(path.split(",")))
    if len(topics) > MOST_TOPICS or not all(TOPIC.fullmatch(topic) for topic in topics):
        return None
    return topics


def pieces(news: Iterable[News], topics: Iterable[str]) -> list[tuple[str, bytes]]:
    """One event for each touched topic, the regions of all its entries together, at the last position."""
    wanted = set(topics)
    touched: dict[str, dict[str, None]] = {}
    last = 0
    for item in news:
        last = max(last, item.position)
        for topic in item.topics:
            if topic in wanted:
                touched.setdefault(topic, {}).update(dict.fromkeys(item.regions))
    return [
        (topic, encode("news", {"position": last, "topic": topic, "regions": list(regions)}, position=last))
        for topic, regions in touched.items()
    ]


class Hub:
    """Who follows what."""

    def __init__(self) -> None:
        self.position = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._viewers: dict[str, dict[Viewer, None]] = {}
        self._all: dict[Viewer, None] = {}
        self._recent: deque[News] = deque(maxlen=REMEMBERED)
        self._confirmed = float("-inf")
        self._beat: asyncio.TimerHandle | None = None
        self.ended = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to beat on this loop."""
        self._loop = loop
        self._beat = loop.call_later(BEAT, self._tick)

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Run on the loop, from any thread; nothing once the loop is closed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    def __len__(self) -> int:
        return len(self._all)

    def viewers(self) -> list[Viewer]:
        return list(self._all)

    def open(self, viewer: Viewer, *, since: int) -> None:
        """Let a viewer follow, and tell it what happened after `since` as far as it is remembered."""
        if self.ended:
            viewer.write(encode("goodbye", {}))
            viewer.close()
            return
        self._all[viewer] = None
        for topic in viewer.topics:
            self._viewers.setdefault(topic, {})[viewer] = None
        missed = [item for item in self._recent if item.position > since]
        for _, piece in pieces(missed, viewer.topics):
            viewer.write(piece)
        viewer.write(encode("beat", {"position": max(self.position, since)}))

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer; harmless when it is not known."""
        self._all.pop(viewer, None)
        for topic in viewer.topics:
            following = self._viewers.get(topic)
            if following is not None:
                following.pop(viewer, None)
                if not following:
                    del self._viewers[topic]

    def confirm(self, position: int) -> None:
        """The store answered just now, and this is its position."""
        self.position = max(self.position, position)
        self._confirmed = time.monotonic()

    def publish(self, news: list[News]) -> None:
        """Tell everybody who follows; who has too much unsent is closed and catches up by Last-Event-ID."""
        self._recent.extend(news)
        self.confirm(news[-1].position)
        for topic, piece in pieces(news, self._viewers):
            self._give(list(self._viewers[topic]), piece)

    def _give(self, viewers: list[Viewer], piece: bytes) -> None:
        for viewer in viewers:
            if viewer.unsent() > MOST_UNSENT:
                self.end(viewer)
            else:
                viewer.write(piece)

    def end(self, viewer: Viewer) -> None:
        """Close one stream."""
        self.leave(viewer)
        viewer.close()

    def _tick(self) -> None:
        if self._loop is not None and not self.ended:
            self._beat = self._loop.call_later(BEAT, self._tick)
            if time.monotonic() - self._confirmed < DOUBT:
                self._give(list(self._all), encode("beat", {"position": self.position}))

    def goodbye(self) -> None:
        """Tell all that this process ends, and close every stream."""
        self.ended = True
        if self._beat is not None:
            self._beat.cancel()
        piece = encode("goodbye", {})
        for viewer in list(self._all):
            if viewer.unsent() <= MOST_UNSENT:
                viewer.write(piece)
            self.end(viewer)
