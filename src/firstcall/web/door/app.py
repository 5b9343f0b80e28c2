"""The front door as a plain ASGI application: dispatch by prefix. The fast path answers the same by the same parts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from firstcall.web.door import live
from firstcall.web.door.answer import Answer, App, Receive, Scope, Send, send_answer
from firstcall.web.door.body import Left, TooLarge, TooSlow, read_bytes
from firstcall.web.door.follow import Gatekeeper
from firstcall.web.door.health import Health
from firstcall.web.door.intake import CLOSE, MOST_BODY, SLOW, Intake, Signal
from firstcall.web.door.live import Hub
from firstcall.web.door.opening import LATER, Opening, Wish, admit
from firstcall.web.door.protocol import ARRIVAL
from firstcall.web.door.status import Pages

HEALTH_SECONDS = 3.0
ASKERS = 4  # threads that look up permissions and health


class AsgiViewer:
    """A live view over plain ASGI."""

    def __init__(self, opening: Opening) -> None:
        self.topics = opening.topics
        self.pass_ = opening.pass_
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._news = asyncio.Event()
        self.closed = False

    def write(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        self._news.set()

    def unsent(self) -> int:
        return self._size

    def close(self) -> None:
        self.closed = True
        self._news.set()

    async def give(self, send: Send) -> None:
        """Send what comes until closed."""
        while True:
            while self._pieces:
                piece = b"".join(self._pieces)
                self._pieces.clear()
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._size -= len(piece)
            if self.closed:
                await send({"type": "http.response.body", "body": b""})
                return
            self._news.clear()
            await self._news.wait()


class Door:
    """The parts behind one port. `django` takes what the door doesn't answer itself; `arrival` is in seconds."""

    def __init__(
        self,
        *,
        django: App,
        pages: Pages,
        intake: Intake,
        hub: Hub,
        gatekeeper: Gatekeeper,
        health: Health,
        proxies: Sequence[str] = (),
        arrival: float = ARRIVAL,
    ) -> None:
        self.arrival = arrival
        self.django: Any = ProxyHeadersMiddleware(django, trusted_hosts=list(proxies)) if proxies else django  # type: ignore[arg-type]
        self.pages = pages
        self.intake = intake
        self.hub = hub
        self.gatekeeper = gatekeeper
        self.health = health
        self.askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="ask")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["raw_path"].decode("latin-1")
        if path.startswith("/status/"):
            await self._status(scope, path, send)
        elif path.startswith("/in/"):
            await self._in(scope, receive, send)
        elif path.startswith("/live/"):
            await self._live(scope, path, receive, send)
        elif path == "/healthz":
            await send_answer(send, await self._health(), method=scope["method"])
        else:
            await self.django(scope, receive, send)

    async def _status(self, scope: Scope, path: str, send: Send) -> None:
        headers = dict(scope["headers"])
        answer = self.pages.answer(scope["method"].encode(), path[len("/status/") :], headers.get)
        await send_answer(send, answer, method=scope["method"])

    async def _in(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body, whole = await read_bytes(receive, at_most=MOST_BODY, seconds=self.arrival), True
        except TooLarge as error:
            body, whole = error.beginning, False
        except TooSlow:
            return await send_answer(send, SLOW)
        except Left:
            return None
        headers = dict(scope["headers"])
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def done(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)

        self.intake.handle(
            Signal(
                scope["method"].encode(), scope["raw_path"], headers.get(b"authorization"),
                headers.get(b"content-encoding"), body, whole,
            ),
            done,
        )  # fmt: skip
        await send_answer(send, await answered, method=scope["method"])
        return None

    async def _live(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        wish = Wish(
            scope["method"].encode(), path[len("/live/") :], scope["query_string"].decode("latin-1"),
            headers.get(b"cookie", b"").decode("latin-1"), headers.get(b"last-event-id", b"").decode("latin-1"),
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        opening = await loop.run_in_executor(self.askers, admit, self.gatekeeper, wish)
        if isinstance(opening, Answer):
            return await send_answer(send, opening, method=scope["method"])
        await send({"type": "http.response.start", "status": 200, "headers": [*live.HEADERS, CLOSE]})
        viewer = AsgiViewer(opening)
        viewer.write(b"".join([live.HELLO, *opening.pieces]))
        giving = asyncio.ensure_future(viewer.give(send))
        leaving = asyncio.ensure_future(_gone(receive))
        self.hub.open(viewer, since=opening.position)
        try:
            await asyncio.wait((giving, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.leave(viewer)
            giving.cancel()
            leaving.cancel()
        return None

    async def _health(self) -> Answer:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self.askers, self.health.answer), HEALTH_SECONDS)
        except TimeoutError:
            return LATER


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
