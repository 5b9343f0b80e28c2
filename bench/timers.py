"""Ten thousand timers due at the same instant, on both databases.

    python -m bench.timers [--jobs 10000] [--databases sqlite,postgresql] [--large 100000]

Measured: how late jobs are claimed, how late the hundred most severe are handed over, how fast all of them reach a
keyed webhook sink against the same HTTP client alone in the same run, what is lost when the worker is killed
midway, how late a job leaves in calm times, and the whole loop over many rows against a bare claim loop. The sink has
one core, the worker the other.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import stage

ROUNDS = 3
PY = [sys.executable, "-m", "bench.timers"]


def child(task: str, env: dict[str, str], *arguments: str) -> Any:
    """Run one task of this program in its own process on the server's core; its last line is JSON."""
    done = subprocess.run(
        [*PY, "--task", task, *arguments],
        env={**os.environ, **env},
        check=True,
        capture_output=True,
        text=True,
        cwd=stage.ROOT,
        preexec_fn=lambda: stage.on_core(stage.SERVER_CORE),
    )
    return json.loads(done.stdout.splitlines()[-1])


def read_log(path: Path) -> tuple[dict[str, float], int]:
    """When each key was first taken, and how many repeats were told apart by their key."""
    first: dict[str, float] = {}
    repeats = 0
    for line in path.read_text().splitlines():
        moment, word, key = line.split(" ", 2)
        if word == "taken":
            first[key] = float(moment)
        else:
            repeats += 1
    return first, repeats


def wait_for(path: Path, count: int, *, seconds: float) -> bool:
    """Until the sink has taken `count` keys."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and path.read_bytes().count(b" taken ") >= count:
            return True
        time.sleep(0.05)
    return False


def storm(env: dict[str, str], port: int, log: Path, jobs: int, *, kill: bool) -> dict[str, Any]:
    """Plan `jobs` for one instant, run the worker, and judge by the sink's log."""
    log.write_text("")
    with stage.running([sys.executable, "-m", "bench.hooksink", str(port), str(log)], core=stage.LOAD_CORE):
        stage.wait_for_port(port)
        due = time.time() + 3 + jobs / 5000
        child("plan", env, "--jobs", str(jobs), "--due", str(due), "--port", str(port))
        with stage.running([*PY, "--task", "work"], core=stage.SERVER_CORE, env=env) as worker:
            if kill:
                wait_for(log, jobs // 2, seconds=120)
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
                with stage.running([*PY, "--task", "work"], core=stage.SERVER_CORE, env=env):
                    wait_for(log, jobs, seconds=120)
            else:
                wait_for(log, jobs, seconds=120)
                time.sleep(1.0)
    first, repeats = read_log(log)
    late = sorted(moment - due for moment in first.values())
    severe = [moment - due for key, moment in first.items() if key.split(":")[2] == "0"]
    claims = child("claims", env, "--due", str(due))
    return {
        "lost": jobs - len(first),
        "repeats": repeats,
        "claimed_p99_ms": round(stage.percentile(claims, 0.99) * 1000, 1),
        "severe_p99_ms": round(stage.percentile(severe, 0.99) * 1000, 1),
        "rate": round(jobs / late[-1]),
    }


def calm(env: dict[str, str], port: int, log: Path) -> float:
    """The p99 of lateness in ms of 200 jobs due one after another, judged by the sink."""
    log.write_text("")
    with stage.running([sys.executable, "-m", "bench.hooksink", str(port), str(log)], core=stage.LOAD_CORE):
        stage.wait_for_port(port)
        child("calm", env, "--port", str(port))
        with stage.running([*PY, "--task", "work"], core=stage.SERVER_CORE, env=env):
            wait_for(log, 200, seconds=40)
    first, _ = read_log(log)
    lateness = [moment - float(key.split(":")[3]) for key, moment in first.items()]
    assert len(lateness) == 200
    return round(stage.percentile(lateness, 0.99) * 1000, 1)


def client_alone(env: dict[str, str], port: int, jobs: int) -> float:
    """Requests a second of the HTTP client and nothing else."""
    with stage.running([sys.executable, "-m", "bench.hooksink", str(port), "/dev/null"], core=stage.LOAD_CORE):
        stage.wait_for_port(port)
        return float(child("client", env, "--jobs", str(jobs), "--port", str(port)))


def against_client(env: dict[str, str], port: int, log: Path, jobs: int) -> dict[str, Any]:
    """Of `ROUNDS` storms, each between two runs of the client alone, the figures of the one with the median ratio."""
    rounds, before = [], client_alone(env, port, jobs)
    for _ in range(ROUNDS):
        figures = storm(env, port, log, jobs, kill=False)
        after = client_alone(env, port, jobs)
        alone, before = (before + after) / 2, after
        rounds.append({**figures, "client_alone": round(alone), "ratio_to_client": round(figures["rate"] / alone, 2)})
    return sorted(rounds, key=lambda figures: float(figures["ratio_to_client"]))[ROUNDS // 2]


def measure(database_url: str, jobs: int, large: int) -> dict[str, Any]:
    """All figures of one database."""
    port, log = stage.free_port(), Path(tempfile.mkstemp(prefix="fc-sink-")[1])
    with stage.store(database_url) as env:
        figures = against_client(env, port, log, jobs)
        killed = storm(env, port, log, jobs, kill=True)
        figures["killed"] = {key: killed[key] for key in ("lost", "repeats")}
        figures["calm_p99_ms"] = calm(env, port, log)
        figures |= child("large", env, "--jobs", str(large))
    log.unlink()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--task", default="")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--due", type=float, default=0.0)
    given = parser.parse_args()
    if given.task:
        from bench import timers_tasks

        timers_tasks.run(given)
        return
    result: dict[str, Any] = {"bench": "timers", "jobs": given.jobs, "large": given.large}
    for name in given.databases.split(","):
        if name == "postgresql":
            with stage.postgresql() as url:
                result[name] = measure(url, given.jobs, given.large)
        else:
            result[name] = measure("", given.jobs, given.large)
        print(name, json.dumps(result[name], indent=1))
    stage.finish(result)


if __name__ == "__main__":
    main()
