"""An HTTP answer that is known whole: what intake and the published pages give."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODILESS = (204, 304)


@dataclass(slots=True, eq=False)
class Answer:
    """`headers` are in lower case, without content-length and date. `wire` is the head as sent, kept for repeats."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    wire: bytes = field(default=b"", repr=False)

    def head(self) -> bytes:
        """Status line and headers, without date and the empty line: made once, sent often."""
        if not self.wire:
            lines = [b"HTTP/1.1 %d %s" % (self.status, HTTPStatus(self.status).phrase.encode())]
            lines += [name + b": " + value for name, value in self.headers]
            if self.status not in BODILESS:
                lines.append(b"content-length: %d" % len(self.body))
            self.wire = b"\r\n".join(lines) + b"\r\n"
        return self.wire


def json_answer(status: int, facts: Mapping[str, Any], *headers: tuple[bytes, bytes]) -> Answer:
    """`facts` as JSON, never kept by a cache."""
    body = json.dumps(facts, ensure_ascii=False).encode()
    kept = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
    return Answer(status, (*kept, *headers), body)


def text_answer(status: int, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """`text` as plain text, never kept by a cache."""
    kept = ((b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"))
    return Answer(status, (*kept, *headers), text.encode())


async def send_answer(send: Send, answer: Answer, *, method: str = "GET") -> None:
    """The plain ASGI form of an answer."""
    headers = list(answer.headers)
    if answer.status not in BODILESS:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})
