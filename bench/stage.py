"""What every bench stands on: two cores set apart, fresh stores on either database, figures as the last line."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster import Cluster

ROOT = Path(__file__).parent.parent
LOAD_CORE, SERVER_CORE = 0, 1


def on_core(core: int) -> None:
    """Keep this process on one core; on a machine with a single core this is that one."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[min(core, len(cores) - 1)]})


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, *, seconds: float = 20.0) -> None:
    """Until somebody listens; raises when nobody does in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nobody listens on port {port}")


@contextmanager
def running(command: Sequence[str], *, core: int, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A program pinned to a core, ended by its pid at the end."""
    process = subprocess.Popen(
        list(command),
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: on_core(core),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL cluster of its own, with its durability on; yields its address."""
    with Cluster(durable=True) as cluster:
        yield cluster.uri()


@contextmanager
def store(database_url: str = "") -> Iterator[dict[str, str]]:
    """A fresh, migrated data folder; yields the environment that points to it."""
    folder = tempfile.mkdtemp(prefix="fc-bench-")
    env = {
        "FIRSTCALL_DATA": folder,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "firstcall.web.settings"),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "FIRSTCALL_EGRESS_ALLOW": "127.0.0.0/8,::1/128",
    }
    try:
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "-v", "0"], env={**os.environ, **env}, check=True, cwd=ROOT
        )
        yield env
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def finish(figures: dict[str, Any]) -> None:
    """The last line of a bench: every figure it measured."""
    print("RESULT " + json.dumps(figures))
