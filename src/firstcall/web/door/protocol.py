"""uvicorn's httptools protocol with limits: 10 s for a request to arrive, 64 KB of headers, 30 s of idleness.

It leans on the inside of the pinned uvicorn (tests hold it to that): `on_message_begin` to `on_message_complete`,
`pipeline`, `cycle` and `_start_asgi_task`. Deadlines are looked at once a second by `sweep`, not by a timer a request.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

HEAD_LIMIT = 64 * 1024
ARRIVAL = 10.0  # seconds, of the head and of the body
IDLE = 30.0  # seconds
LINGER = 2.0  # seconds an answered connection still swallows what the client sends


class DoorProtocol(HttpToolsProtocol):
    """The plain form: every request becomes an ASGI task."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.serving: Any = None  # the cycle whose answer is under way
        self.arrival: float = getattr(self.config.app, "arrival", ARRIVAL)
        self.began: float | None = None  # since when a request has been arriving
        self.idle: float | None = None
        self.head_size = 0
        self.broken = b""  # the status of the answer that ends a connection once those before it are sent
        self.deaf = False
        self._advancing = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.began = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self.pipeline.clear()
        if self.serving is not None:
            self.serving.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        self.idle = None
        self.head_size += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return
        except httptools.HttpParserCallbackError as error:
            self.logger.error("a request could not be served", exc_info=error)
            self.end_with(500)
        except httptools.HttpParserError:
            self.end_with(400)
        if self.head_size > HEAD_LIMIT:
            self.end_with(431)

    def end_with(self, status: int) -> None:
        """Answer what went wrong after the answers before it, and end the connection."""
        if self.broken or self.transport.is_closing():
            return
        self.broken = STATUS_LINE[status]
        self.deaf = True
        cycle = self.cycle
        if cycle is not None and cycle is self.serving and cycle.more_body and not cycle.response_started:
            # The rest of this body will never come: its application is told that the client has left.
            cycle.disconnected = cycle.response_complete = True
            cycle.message_event.set()
        self._advance()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.began = self.loop.time()

    def on_headers_complete(self) -> None:
        self.head_size = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.head_size = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.head_size = 0
        self.began = None
        super().on_message_complete()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self.serving = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self._advance()

    def _busy(self) -> bool:
        return self.serving is not None and not self.serving.response_complete

    def _advance(self) -> None:
        """Serve the next of a pipeline; with none left, wait for the client."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self.pipeline and not self._busy() and not self.flow.write_paused:
                cycle, app = self.pipeline.pop()
                self._start_asgi_task(cycle, app)
        finally:
            self._advancing = False
        if self._busy() or self.pipeline:
            return
        if self.broken:
            self.transport.write(self.broken + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.linger()
        else:
            self.flow.resume_reading()
            self.idle = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.pipeline:
            self._advance()

    def linger(self) -> None:
        """Close without a reset: what the client still sends would make it lose our answer."""
        self.deaf = True
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.close)

    def overdue(self, now: float) -> None:
        """Called once a second: end what arrives too slowly or idles too long."""
        if self.began is not None and now - self.began > self.arrival and not self._busy() and not self.pipeline:
            self.began = None
            self.end_with(408)
        elif self.idle is not None and now - self.idle > IDLE:
            self.transport.close()


def sweep(state: ServerState, loop: asyncio.AbstractEventLoop) -> None:
    """Look at every connection, and again in a second."""
    now = loop.time()
    for connection in list(state.connections):
        if isinstance(connection, DoorProtocol):
            connection.overdue(now)
    loop.call_later(1.0, sweep, state, loop)
