"""A load of alerts as Prometheus sends them, from one process on the load's core.

    python -m bench.load --port 8000 --path /in/fci_x/alertmanager/api/v2/alerts --batch 10 --connections 16 --seconds 2

10,000 series of 512 bytes an alert, repeated in turn; each connection sends its next request when it has the answer to
the last. `--rate` holds a fixed number of alerts a second instead. The last line is JSON: accepted alerts, refused
requests, seconds, and the waiting times in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from itertools import cycle
from typing import cast

import uvloop

from bench.stage import LOAD_CORE, on_core, percentile

SERIES = 10_000
ALERT_BYTES = 512


def alert(number: int) -> dict[str, object]:
    """One alert of 512 bytes as JSON."""
    one: dict[str, object] = {
        "labels": {
            "alertname": f"HighErrorRate{number % 100}", "instance": f"10.0.{number // 250 % 250}.{number % 250}:9100",
            "job": f"service-{number % 40}", "severity": "warning", "series": f"s{number}",
        },
        "annotations": {"summary": ""},
        "startsAt": "2026-11-20T22:54:00.000Z",
        "generatorURL": "http://prometheus.example.com/graph?g0.expr=up",
    }  # fmt: skip
    one["annotations"] = {"summary": "x" * (ALERT_BYTES - len(json.dumps(one, separators=(",", ":"))))}
    return one


def requests(path: str, batch: int, *, series: int = SERIES) -> list[bytes]:
    """Whole HTTP requests that go once through all series."""
    made = []
    for start in range(0, series, batch):
        body = json.dumps([alert(n) for n in range(start, start + batch)], separators=(",", ":")).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        made.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return made


class Sender(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, work: list[bytes], offset: int, waits: list[float], counts: list[int]) -> None:
        self.work = cycle(work[offset:] + work[:offset])
        self.waits, self.counts = waits, counts
        self.buffer = b""
        self.sent = 0.0
        self.pacing: float | None = None
        self.due = 0.0
        self.stopped = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def begin(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(next(self.work))

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        lowered = self.buffer[:head].lower()
        place = lowered.find(b"content-length:")
        length = int(lowered[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        if len(self.buffer) < head + 4 + length:
            return
        self.counts[0 if self.buffer[9:10] == b"2" else 1] += 1
        self.buffer = b""
        self.waits.append(time.perf_counter() - self.sent)
        if self.stopped:
            return
        if self.pacing is None:
            self.begin()
            return
        self.due = (self.due or self.sent) + self.pacing  # by the plan, so that late timers don't add up
        asyncio.get_running_loop().call_later(max(0.0, self.due - time.perf_counter()), self.begin)


async def load(given: argparse.Namespace) -> dict[str, float]:
    """Warm up for a fifth of the time, then measure."""
    loop = asyncio.get_running_loop()
    work = requests(given.path, given.batch, series=given.series)
    waits: list[float] = []
    counts = [0, 0]
    senders = []
    for number in range(given.connections):
        offset = len(work) * number // given.connections
        _, sender = await loop.create_connection(
            lambda offset=offset: Sender(work, offset, waits, counts),  # type: ignore[misc]
            "127.0.0.1",
            given.port,
        )
        if given.rate:
            sender.pacing = given.batch * given.connections / given.rate
        senders.append(sender)
    for sender in senders:
        sender.begin()
    await asyncio.sleep(given.seconds / 5)
    waits.clear()
    before = list(counts)
    began = time.perf_counter()
    await asyncio.sleep(given.seconds)
    took = time.perf_counter() - began
    accepted, measured = counts[0] - before[0], list(waits)
    for sender in senders:
        sender.stopped = True
    await asyncio.sleep(0.3)
    return {
        "alerts": accepted * given.batch, "all_alerts": counts[0] * given.batch, "refused": counts[1],
        "seconds": round(took, 3),
        "p50_ms": round(percentile(measured, 0.5) * 1000, 2), "p99_ms": round(percentile(measured, 0.99) * 1000, 2),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--series", type=int, default=SERIES)
    parser.add_argument("--rate", type=float, default=0.0)
    arguments = parser.parse_args()
    on_core(LOAD_CORE)
    uvloop.install()
    print(json.dumps(asyncio.run(load(arguments))))
