"""A webhook receiver for benches: honours the key, keeps its own log of what it took and when.

    python -m bench.hooksink PORT LOG

Each request adds a line 'seconds-since-epoch key' to LOG; a key seen before answers 200 and is logged as a repeat.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO, cast

import uvloop


class Receiver(asyncio.Protocol):
    """One connection; enough HTTP for a webhook sender."""

    def __init__(self, log: TextIO, seen: set[bytes]) -> None:
        self.log, self.seen, self.buffer = log, seen, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (head := self.buffer.find(b"\r\n\r\n")) >= 0:
            fields = dict(
                line.split(b": ", 1) for line in self.buffer[:head].lower().split(b"\r\n")[1:] if b": " in line
            )
            end = head + 4 + int(fields.get(b"content-length", b"0"))
            if len(self.buffer) < end:
                return
            self.buffer = self.buffer[end:]
            key = fields.get(b"webhook-id", b"-")
            word = "repeat" if key in self.seen else "taken"
            self.seen.add(key)
            self.log.write(f"{time.time():.6f} {word} {key.decode()}\n")
            self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


async def serve(port: int, path: Path) -> None:
    """Until killed."""
    seen: set[bytes] = set()
    with path.open("a", buffering=1) as log:
        server = await asyncio.get_running_loop().create_server(lambda: Receiver(log, seen), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
