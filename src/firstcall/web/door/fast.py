"""The fast path: intake, published pages and live streams answered inside the protocol, without an ASGI task.

The same parts give the same answers as in `app.py`; only the way through asyncio is shorter. FIRSTCALL_FAST=false
goes back to the plain form.
"""

from __future__ import annotations

import asyncio
from typing import Any

from firstcall.web.door.answer import Answer
from firstcall.web.door.app import Door
from firstcall.web.door.intake import KEPT_OF_LARGE, MOST_BODY, SLOW, Signal
from firstcall.web.door.live import HEADERS, HELLO, MOST_UNSENT
from firstcall.web.door.opening import LATER, Opening, Wish, admit
from firstcall.web.door.protocol import DoorProtocol

PREFIXES = (b"/in/", b"/status/", b"/live/")
JOIN_UP_TO = 16 * 1024  # bytes of a body that are copied behind its head instead of written apart
STREAM = b"".join([b"HTTP/1.1 200 OK\r\nconnection: close\r\n", *(b"%s: %s\r\n" % pair for pair in HEADERS)])


class Told:
    """What uvicorn sets to wake an ASGI application; here nobody sleeps."""

    def set(self) -> None:
        pass


TOLD = Told()


class Cycle:
    """One request and its answer. The names up to `message_event` are those uvicorn's own cycle has."""

    __slots__ = (
        "active", "body", "disconnected", "headers", "keep_alive", "method", "more_body", "path", "protocol", "query",
        "response_complete", "response_started", "whole",
    )  # fmt: skip
    message_event = TOLD

    def __init__(self, protocol: FastProtocol, method: bytes, url: bytes, keep_alive: bool) -> None:
        self.protocol = protocol
        self.method = method
        self.path, _mark, self.query = url.partition(b"?")
        self.headers = protocol.headers
        self.keep_alive = keep_alive
        self.body = bytearray()
        self.more_body = True
        self.whole = True
        self.active = False
        self.disconnected = False
        self.response_started = False
        self.response_complete = False

    def header(self, name: bytes) -> bytes | None:
        for known, value in self.headers:
            if known == name:
                return value
        return None

    def take(self, body: bytes) -> None:
        """A piece of the body; past the limit the beginning is judged alone and the rest not read."""
        if not self.whole or not self.path.startswith(b"/in/"):
            return
        self.body += body
        if len(self.body) > MOST_BODY:
            self.cut()

    def cut(self) -> None:
        """The body is too large: keep its beginning and hear no more."""
        del self.body[KEPT_OF_LARGE:]
        self.whole = False
        self.keep_alive = False
        if self.active:
            self.go()

    def ready(self) -> bool:
        return not self.more_body or not self.whole

    def go(self) -> None:
        """Answer: the request has arrived and it is its turn."""
        path = self.path
        if path.startswith(b"/status/"):
            self.finish(self.protocol.door.pages.answer(self.method, path[8:].decode("latin-1"), self.header))
        elif path.startswith(b"/in/"):
            self.response_started = True
            signal = Signal(
                self.method, path, self.header(b"authorization"), self.header(b"content-encoding"),
                bytes(self.body), self.whole,
            )  # fmt: skip
            self.protocol.door.intake.handle(signal, self.finish)
        else:
            self.protocol.open_live(self)

    def finish(self, answer: Answer) -> None:
        """Write the answer and let the connection go on."""
        if self.response_complete:
            return
        self.response_complete = True
        if not self.disconnected:
            self.protocol.write_answer(self, answer)


class StreamViewer:
    """A live view that writes to its connection."""

    __slots__ = ("_transport", "pass_", "topics")

    def __init__(self, opening: Opening, transport: asyncio.Transport) -> None:
        self.topics = opening.topics
        self.pass_ = opening.pass_
        self._transport = transport

    def write(self, piece: bytes) -> None:
        self._transport.write(piece)

    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    def close(self) -> None:
        if self.unsent() > MOST_UNSENT:
            self._transport.abort()
        else:
            self._transport.close()


class FastProtocol(DoorProtocol):
    """Requests below the three prefixes get a `Cycle`, all others uvicorn's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door: Door = self.config.app  # type: ignore[assignment]
        self.viewer: StreamViewer | None = None
        self._fast = False

    def connection_lost(self, exc: Exception | None) -> None:
        if self.viewer is not None:
            self.door.hub.leave(self.viewer)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.began = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.head_size = 0
        self._fast = self.url.startswith(PREFIXES)
        if self._fast:
            self._begin()
            return
        url, headers, began = self.url, self.headers, self.began
        super().on_message_begin()
        self.url, self.headers, self.began = url, headers, began
        self.scope["headers"] = headers
        self.expect_100_continue = _expects(headers)
        super().on_headers_complete()

    def _begin(self) -> None:
        parser, existing = self.parser, self.cycle
        keep = parser.should_keep_alive() and parser.get_http_version() != "1.0"
        cycle: Any = Cycle(self, parser.get_method(), self.url, keep)
        self.cycle = cycle
        large = int(cycle.header(b"content-length") or 0) > MOST_BODY and cycle.path.startswith(b"/in/")
        if (existing is None or existing.response_complete) and not self.flow.write_paused:
            self._start_asgi_task(cycle, None)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, None))  # type: ignore[arg-type]
        if large and _expects(self.headers):
            cycle.cut()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if not isinstance(cycle, Cycle):
            super()._start_asgi_task(cycle, app)
            return
        self.serving = cycle
        cycle.active = True
        if cycle.ready():
            cycle.go()
        elif _expects(cycle.headers) and int(cycle.header(b"content-length") or 0) <= MOST_BODY:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if not self._fast:
            super().on_body(body)
            return
        self.head_size = 0
        self.cycle.take(body)  # type: ignore[attr-defined]

    def on_message_complete(self) -> None:
        if not self._fast:
            super().on_message_complete()
            return
        self.head_size = 0
        self.began = None
        cycle: Any = self.cycle
        cycle.more_body = False
        if cycle.active and cycle.whole:
            cycle.go()

    def write_answer(self, cycle: Cycle, answer: Answer) -> None:
        """Head and body in one piece where that is cheap."""
        head = answer.head() + self._date()
        ends = not cycle.keep_alive or b"connection: close" in head
        if ends and b"connection: close" not in head:
            head += b"connection: close\r\n"
        body = b"" if cycle.method == b"HEAD" else answer.body
        if len(body) <= JOIN_UP_TO:
            self.transport.write(head + b"\r\n" + body)
        else:
            self.transport.writelines((head + b"\r\n", body))
        self.server_state.total_requests += 1
        if not ends:
            self._advance()
        elif cycle.more_body:
            self.linger()
        else:
            self.transport.close()

    def _date(self) -> bytes:
        return b"".join([name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers])

    def open_live(self, cycle: Cycle) -> None:
        """Ask for permission in a thread, then stream until either side closes."""
        wish = Wish(
            cycle.method, cycle.path[6:].decode("latin-1"), cycle.query.decode("latin-1"),
            (cycle.header(b"cookie") or b"").decode("latin-1"),
            (cycle.header(b"last-event-id") or b"").decode("latin-1"),
        )  # fmt: skip
        asked = self.loop.run_in_executor(self.door.askers, admit, self.door.gatekeeper, wish)
        asked.add_done_callback(lambda future: self._opened(cycle, future))

    def _opened(self, cycle: Cycle, future: asyncio.Future[Answer | Opening]) -> None:
        if cycle.disconnected or future.cancelled():
            return
        error = future.exception()
        if error is not None:
            self.logger.error("a live view could not be opened", exc_info=error)
            cycle.finish(LATER)
            return
        opening = future.result()
        if isinstance(opening, Answer):
            cycle.finish(opening)
            return
        cycle.response_started = True
        self.viewer = StreamViewer(opening, self.transport)
        self.transport.write(b"".join([STREAM, self._date(), b"\r\n", HELLO, *opening.pieces]))
        self.door.hub.open(self.viewer, since=opening.position)

    def overdue(self, now: float) -> None:
        """A fast request whose body arrives too slowly is answered here."""
        cycle: Any = self.cycle
        late = self.began is not None and now - self.began > self.arrival
        if late and self._fast and isinstance(cycle, Cycle) and cycle.active and cycle.more_body and self.began:
            if not cycle.response_started and not cycle.response_complete:
                cycle.keep_alive = False
                cycle.finish(SLOW)
        else:
            super().overdue(now)


def _expects(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"expect" and value.lower() == b"100-continue" for name, value in headers)
