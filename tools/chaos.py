"""The long runs: the kill tests and the simulation with many more rounds than the suite's, on both databases.

The rounds go to the tests as FIRSTCALL_KILLS and FIRSTCALL_SEEDS. The last result is kept in docs/chaos.md.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.cluster import Cluster
from tools.test import ROOT, clean_environment

KILLS, SEEDS = 200, 20_000


def run(title: str, arguments: list[str], **environment: str) -> tuple[str, str, float, bool]:
    """One long run: its database, pytest's closing words, seconds, whether it held."""
    print(f"\n{title}", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fc-chaos-") as folder:
        rounds = {"FIRSTCALL_KILLS": str(KILLS), "FIRSTCALL_SEEDS": str(SEEDS), "FIRSTCALL_DATA": folder}
        command = [sys.executable, "-m", "pytest", "-q", "-m", "slow", "--timeout=0", *arguments]
        pytest = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(**rounds, **environment), stdout=subprocess.PIPE, text=True
        )
        last = ""
        for line in pytest.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    return title, last, time.monotonic() - start, pytest.wait() == 0


def main(arguments: list[str]) -> int:
    runs = [run("SQLite", arguments)]
    with Cluster(durable=True) as cluster:
        cluster.execute("CREATE DATABASE firstcall")
        runs.append(run("PostgreSQL", arguments, DATABASE_URL=cluster.uri("firstcall")))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    day = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d")
    rows = [f"| {name} | {words} | {seconds:.0f} s |" for name, words, seconds, _ in runs]
    lines = [
        "# The last long run",
        "",
        f"`make chaos` on {day} at {commit.stdout.strip()}: {KILLS} kills and {SEEDS:,} simulated evenings on each"
        f" database, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| database | tests | time |",
        "| --- | --- | --- |",
        *rows,
        "",
    ]
    Path(ROOT / "docs" / "chaos.md").write_text("\n".join(lines))
    return int(not all(held for *_, held in runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
