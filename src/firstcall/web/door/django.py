"""Django under WSGI in eight threads, behind a loop that never lets a slow client hold one of them.

The body is read whole before a thread is taken, and the answer is taken from the thread as fast as it makes it: what
the client hasn't read yet waits here, over 1 MB in a file.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from a2wsgi.wsgi import WSGIResponder

from firstcall.web.door.answer import Receive, Scope, Send, send_answer, text_answer
from firstcall.web.door.body import IN_MEMORY, PIECE, Left, TooLarge, TooSlow, read_file
from firstcall.web.door.protocol import ARRIVAL

THREADS = 8
MOST_WAITING = 64
MOST_BODY = 16 * 1024 * 1024
CLOSE = (b"connection", b"close")

BUSY = text_answer(503, "Too many people at once. Please try again in a few seconds.\n", (b"retry-after", b"3"))
LARGE = text_answer(413, "This is larger than 16 MB, nothing was kept.\n", CLOSE)
SLOW = text_answer(408, "The request did not arrive within 10 seconds, nothing was changed.\n", CLOSE)


class Outlet:
    """What a thread wrote and the client hasn't got yet."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._ready: deque[MutableMapping[str, Any]] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._unread = 0
        self._over = False
        self._news = asyncio.Event()

    async def put(self, message: MutableMapping[str, Any]) -> None:
        """Take a piece at once."""
        body = message.get("body", b"")
        if message["type"] == "http.response.body" and (self._file or self._held + len(body) > IN_MEMORY):
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.seek(0, 2)
            self._file.write(body)
            self._unread += len(body)
            self._over = not message.get("more_body", False)
        else:
            self._held += len(body)
            self._ready.append(message)
        self._news.set()

    async def pump(self) -> None:
        """Give the client piece after piece, as fast as it reads, until the last."""
        read = 0
        while True:
            if self._ready:
                message = self._ready.popleft()
                self._held -= len(message.get("body", b""))
                await self._send(message)
                if message["type"] == "http.response.body" and not message.get("more_body", False):
                    return
            elif self._file is not None and (self._unread or self._over):
                self._file.seek(read)
                piece = self._file.read(PIECE)
                read += len(piece)
                self._unread -= len(piece)
                more = not self._over or self._unread > 0
                await self._send({"type": "http.response.body", "body": piece, "more_body": more})
                if not more:
                    return
            else:
                self._news.clear()
                await self._news.wait()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Django:
    """The ASGI application that hands requests to a WSGI one."""

    def __init__(self, application: Any, *, threads: int = THREADS, arrival: float = ARRIVAL) -> None:
        self._arrival = arrival
        self._application = application
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._under_way = 0

    def close(self) -> None:
        """Take no further request; those under way end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        try:
            file, size = await read_file(receive, at_most=MOST_BODY, seconds=self._arrival)
        except TooLarge:
            return await send_answer(send, LARGE, method=method)
        except TooSlow:
            return await send_answer(send, SLOW, method=method)
        except Left:
            return None
        with file:
            if self._under_way >= self._threads + MOST_WAITING:
                return await send_answer(send, BUSY, method=method)
            self._under_way += 1
            try:
                await self._answer(_sized(scope, size), file, send)
            finally:
                self._under_way -= 1
        return None

    async def _answer(self, scope: Scope, file: IO[bytes], send: Send) -> None:
        outlet = Outlet(send)
        pump = asyncio.ensure_future(outlet.pump())
        responder = WSGIResponder(self._application, self._pool, 10)
        work = asyncio.ensure_future(responder(scope, _replay(file), outlet.put))  # type: ignore[arg-type]
        try:
            # A client that left ends the pump early; the thread still finishes what it does.
            await work
            await pump
        finally:
            pump.cancel()
            outlet.close()


def _sized(scope: Scope, size: int) -> Scope:
    """With the body's true length: Django under WSGI reads no chunked body."""
    dropped = (b"content-length", b"transfer-encoding")
    # WSGI spells '-' as '_': a name that brings its own '_' could pass for another header.
    headers = [pair for pair in scope["headers"] if pair[0] not in dropped and b"_" not in pair[0]]
    if size or scope["method"] not in ("GET", "HEAD"):
        headers.append((b"content-length", str(size).encode()))
    return {**scope, "headers": headers}


def _replay(file: IO[bytes]) -> Receive:
    async def receive() -> MutableMapping[str, Any]:
        piece = file.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": len(piece) == PIECE}

    return receive
