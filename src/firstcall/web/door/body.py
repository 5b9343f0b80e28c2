"""Reading a request's body whole on the loop, before anything that could be kept waiting is taken."""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO

from firstcall.web.door.answer import Receive

IN_MEMORY = 1024 * 1024
PIECE = 65536


class TooLarge(Exception):
    """The body is over the limit. `beginning` is what came so far."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self.beginning = beginning


class TooSlow(Exception):
    """The body was not whole in time."""


class Left(Exception):
    """The client went away."""


async def read_bytes(receive: Receive, *, at_most: int, seconds: float) -> bytes:
    """The whole body in memory."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Left
                body += message.get("body", b"")
                if len(body) > at_most:
                    raise TooLarge(bytes(body[:PIECE]))
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise TooSlow from None


async def read_file(receive: Receive, *, at_most: int, seconds: float) -> tuple[IO[bytes], int]:
    """The whole body in a file that stays in memory up to 1 MB, rewound, and its size. The caller closes it."""
    size = 0
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Left
                piece = message.get("body", b"")
                size += len(piece)
                if size > at_most:
                    raise TooLarge(b"")
                file.write(piece)
                if not message.get("more_body", False):
                    file.seek(0)
                    return file, size
    except TimeoutError:
        file.close()
        raise TooSlow from None
    except BaseException:
        file.close()
        raise
