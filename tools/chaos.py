"""The long runs: the kill tests and the simulation with many more rounds than the suite's, on both databases.

`python -m tools.chaos [--kills N] [--seeds N] [pytest arguments]`. The rounds go to the tests as FIRSTCALL_KILLS and
FIRSTCALL_SEEDS; what the tests found they print as lines that begin with `found:`. The last result is kept in
docs/chaos.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import Cluster
from tools.test import ROOT, clean_environment

KILLS, SEEDS = 200, 20_000
SAME = "--ignore=tests/simulation/test_bugs.py"  # the suite has it, and more rounds say no more
FOUND = "found: "
ANSWERED = re.compile(r"(\d+) alerts answered, 0 lost")


@dataclass(frozen=True, slots=True)
class Run:
    """One long run on one database: what its tests found, pytest's closing words, seconds, whether it held."""

    database: str
    found: list[str]
    words: str
    seconds: float
    held: bool


def run(database: str, rounds: dict[str, str], arguments: list[str], **environment: str) -> Run:
    print(f"\n{database}", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fc-chaos-") as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-s", "--no-header", "-m", "slow", "--timeout=0", SAME]
        command += arguments
        surroundings = clean_environment(**rounds, FIRSTCALL_DATA=folder, **environment)
        pytest = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
        words, found = "", []
        for line in pytest.stdout or ():
            print(line, end="", flush=True)
            words = line.strip() or words
            if line.startswith(FOUND):
                found.append(line.removeprefix(FOUND).strip())
    return Run(database, found, words, time.monotonic() - start, pytest.wait() == 0)


def report(runs: list[Run], kills: int, seeds: int, *, commit: str, day: str) -> str:
    """docs/chaos.md."""
    lines = [
        "# The last long run",
        "",
        f"`make chaos` on {day} at {commit}: {kills} kills and {seeds:,} simulated evenings on SQLite, {kills} kills"
        f" and {seeds // 10:,} evenings on PostgreSQL. {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "The judge of a kill run is what a mail server and a webhook took: each alert that was answered 2xx must have"
        " reached both, the webhook under one key, the mail under one Message-ID. A mail may come again only when a"
        " kill left its fate unknown, and its page must say so. The judge of an evening is the log of its providers.",
        "",
    ]
    for one in runs:
        lines += [f"## {one.database}", ""]
        lines += [f"- {words}" for words in one.found]
        lines += [f"- {'held' if one.held else '**broken**'}: {one.words}", ""]
    answered = sum(int(number) for one in runs for number in ANSWERED.findall(" ".join(one.found)))
    if answered and all(one.held for one in runs):
        lines += [
            f"None of {answered:,} alerts lost means, with 95 % confidence, fewer than {3 / answered:.1%} of alerts;"
            f" none in {2 * kills} kills, fewer than one in {2 * kills // 3} kills (rule of three).",
            "",
        ]
    return "\n".join(lines)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.chaos", description="The long runs.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    given, arguments = parser.parse_known_args(words)
    rounds = {"FIRSTCALL_KILLS": str(given.kills), "FIRSTCALL_SEEDS": str(given.seeds)}
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    runs = [run("SQLite", rounds, arguments)]
    with Cluster(durable=True) as cluster:
        cluster.execute("CREATE DATABASE firstcall")
        runs.append(run("PostgreSQL", rounds, arguments, DATABASE_URL=cluster.uri("firstcall")))
    day = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d")
    text = report(runs, given.kills, given.seeds, commit=commit, day=day)
    Path(ROOT / "docs" / "chaos.md").write_text(text)
    return int(not all(one.held for one in runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
