"""Taking in alerts, durable, against Alertmanager's memory under the same load.

    python -m bench.intake [--rounds 5] [--seconds 2] [--batches 1,10,100] [--lag-seconds 5]

Each round sends 10,000 repeating series of 512 bytes to Debian's Alertmanager (`/api/v2/alerts`, in memory) and to
Firstcall (the same path below its key; SQLite with synchronous=FULL, web and worker running), one after the other, at
batches of 1, 10 and 100 over 32, 16 and 8 connections. The load has one core, the servers the other. Figures are
medians of the rounds. Firstcall's CPU counts both processes until the last alert is folded. At last the load is held at
half of Alertmanager's own rate, and the age of the oldest alert not yet folded is watched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import stage

CONNECTIONS = {1: 32, 10: 16, 100: 8}
RATE_AIM = {1: 1.0, 10: 2.0, 100: 3.0}
CPU_AIM = {1: 0.7, 10: 0.3, 100: 0.2}
P99_AIM = {1: 1.5, 10: 1.0, 100: 0.7}
TICKS = os.sysconf("SC_CLK_TCK")
CONFIG = "route:\n  receiver: none\nreceivers:\n  - name: none\n"


@dataclass
class Server:
    """One side: where it listens and which processes are its own."""

    name: str
    port: int
    path: str
    pids: list[int]
    store: Path | None = None
    runs: dict[int, list[dict[str, float]]] = field(default_factory=dict)

    def cpu(self) -> list[float]:
        """Seconds each process has used so far."""
        used = []
        for pid in self.pids:
            words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            used.append((int(words[11]) + int(words[12])) / TICKS)
        return used

    def memory(self) -> float:
        """Proportional set size of all processes, in MB."""
        total = 0
        for pid in self.pids:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024


def oldest_unfolded(store: Path) -> float:
    """Age in seconds of the oldest alert that is stored and not folded; 0 when there is none."""
    link = sqlite3.connect(store)
    try:
        found = link.execute("SELECT received_at FROM detect_inbox WHERE state = 'new' ORDER BY id LIMIT 1").fetchone()
    finally:
        link.close()
    if found is None:
        return 0.0
    return time.time() - dt.datetime.fromisoformat(found[0]).replace(tzinfo=dt.UTC).timestamp()


def send(server: Server, batch: int, seconds: float, *, rate: float = 0.0) -> subprocess.Popen[str]:
    """Start the load."""
    command = [
        sys.executable, "-m", "bench.load", "--port", str(server.port), "--path", server.path, "--batch", str(batch),
        "--connections", str(CONNECTIONS[batch]), "--seconds", str(seconds), "--rate", str(rate),
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=stage.ROOT)


def measure(server: Server, batch: int, seconds: float) -> dict[str, float]:
    """One run: rate, waiting times, CPU seconds for 100,000 alerts (the answers' alone, and with all that follows)."""
    before = server.cpu()
    load = send(server, batch, seconds)
    output, _ = load.communicate()
    answered = server.cpu()
    if server.store is not None:
        end = time.monotonic() + 120
        while oldest_unfolded(server.store) and time.monotonic() < end:
            time.sleep(0.1)
    after = server.cpu()
    result = json.loads(output.splitlines()[-1])
    if result["refused"]:
        raise SystemExit(f"{server.name} refused {result['refused']:.0f} requests")
    sent = result["all_alerts"] / 100_000
    return {
        "rate": result["alerts"] / result["seconds"], "p50": result["p50_ms"], "p99": result["p99_ms"],
        "cpu": (sum(after) - sum(before)) / sent, "cpu_answer": (answered[0] - before[0]) / sent,
    }  # fmt: skip


def watch_lag(server: Server, batch: int, seconds: float, rate: float) -> tuple[float, float]:
    """The worst age of an unfolded alert while the load is held, and the rate it really had."""
    load = send(server, batch, seconds, rate=rate)
    worst = 0.0
    assert server.store is not None
    while load.poll() is None:
        worst = max(worst, oldest_unfolded(server.store))
        time.sleep(0.05)
    assert load.stdout is not None
    result = json.loads(load.stdout.read().splitlines()[-1])
    load.stdout.close()
    return worst, result["alerts"] / result["seconds"]


@contextmanager
def alertmanager() -> Iterator[Server]:
    """The peer, from the distribution's package. A missing one ends the bench."""
    found = subprocess.run([stage.ROOT / "tools/programs", "alertmanager"], capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(found.stderr.strip() or "Alertmanager is missing")
    port = stage.free_port()
    with tempfile.TemporaryDirectory(prefix="fc-am-") as folder:
        config = Path(folder) / "alertmanager.yml"
        config.write_text(CONFIG)
        command = [
            found.stdout.strip(), f"--config.file={config}", f"--storage.path={folder}/data", "--log.level=error",
            f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
        ]  # fmt: skip
        with stage.running(command, core=stage.SERVER_CORE) as process:
            stage.wait_for_port(port)
            yield Server("Alertmanager", port, "/api/v2/alerts", [process.pid])


@contextmanager
def firstcall() -> Iterator[Server]:
    """Web and worker over a fresh store, with one source."""
    port = stage.free_port()
    with stage.store() as env:
        env = {**env, "FIRSTCALL_PORT": str(port)}
        made = subprocess.run(
            [sys.executable, "-m", "bench.intake", "--make-source"], env={**os.environ, **env}, cwd=stage.ROOT,
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        path = f"/in/{made.stdout.split()[-1]}/alertmanager/api/v2/alerts"
        command = [sys.executable, "-m", "firstcall"]
        with (
            stage.running([*command, "web"], core=stage.SERVER_CORE, env=env) as web,
            stage.running([*command, "worker"], core=stage.SERVER_CORE, env=env) as worker,
        ):
            stage.wait_for_port(port)
            store = Path(env["FIRSTCALL_DATA"]) / "firstcall.sqlite3"
            yield Server("Firstcall", port, path, [web.pid, worker.pid], store)


def make_source() -> str:
    """A source's key, in the store of this environment."""
    import django

    django.setup()
    from firstcall.detect.commands.source import make_source as make
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE

    return make(name="Bench", kind="alertmanager", by=MACHINE, now=clock.now())[1]


def figures(peer: Server, ours: Server, batch: int) -> dict[str, Any]:
    """Medians of both, their ratios, and whether the aims are met."""
    mid = {
        side.name: {key: median(run[key] for run in side.runs[batch]) for key in side.runs[batch][0]}
        for side in (peer, ours)
    }
    theirs, own = mid[peer.name], mid[ours.name]
    ratios = {key: round(own[key] / theirs[key], 2) for key in ("rate", "p99", "cpu")}
    ratios["cpu_answer"] = round(own["cpu_answer"] / theirs["cpu"], 2)
    return {
        "alertmanager": {key: round(value, 2) for key, value in theirs.items()},
        "firstcall": {key: round(value, 2) for key, value in own.items()},
        "ratio": ratios,
        "met": {
            "rate": ratios["rate"] >= RATE_AIM[batch], "cpu": ratios["cpu"] <= CPU_AIM[batch],
            "p99": ratios["p99"] <= P99_AIM[batch],
        },
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--lag-seconds", type=float, default=5.0)
    parser.add_argument("--batches", default="1,10,100")
    parser.add_argument("--make-source", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make_source:
        print(make_source())
        return
    batches = [int(text) for text in given.batches.split(",")]
    result: dict[str, Any] = {"machine": f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"}
    with alertmanager() as peer, firstcall() as ours:
        for side in (peer, ours):
            measure(side, 100, 1.0)  # both know all series before the first round
        for number in range(given.rounds):
            for batch in batches:
                for side in (peer, ours) if number % 2 == 0 else (ours, peer):
                    run = measure(side, batch, given.seconds)
                    side.runs.setdefault(batch, []).append(run)
                    words = "  ".join(f"{key} {value:.2f}" for key, value in run.items())
                    print(f"round {number + 1} batch {batch:>3} {side.name:<12} {words}", flush=True)
        for batch in batches:
            result[f"batch_{batch}"] = figures(peer, ours, batch)
        result["memory_mb"] = {side.name.lower(): round(side.memory(), 1) for side in (peer, ours)}
        for batch in batches:
            half = result[f"batch_{batch}"]["alertmanager"]["rate"] / 2
            lag, rate = watch_lag(ours, batch, given.lag_seconds, half)
            result[f"batch_{batch}"]["lag"] = {"asked": round(half), "rate": round(rate), "worst_s": round(lag, 2)}
            result[f"batch_{batch}"]["met"]["lag"] = lag < 1.0 and rate >= 0.95 * half
    stage.finish(result)


if __name__ == "__main__":
    main()
