"""The whole suite: everything on SQLite, then what touches rows on PostgreSQL; the budget; one closing line.

`python -m tools.test [pytest arguments]` narrows both runs. Fails when a test fails or the whole takes over its limit,
which is in seconds of the machine it was set on (tools/pace.py).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.budget import LIMITS
from tests.cluster import Cluster
from tools.pace import Pace

ROOT = Path(__file__).parent.parent
WORKERS = 2
OWN = ("FIRSTCALL_", "DATABASE_URL", "EMAIL_URL", "DJANGO_", "PYTEST_ADDOPTS")
POSTGRESQL = ["-m", "(not browser and not programs) or both_stores", "--reuse-db"]
POSTGRESQL += ["--ignore=tests/architecture", "--ignore=tests/simulation/test_bugs.py"]


def clean_environment(**more: str) -> dict[str, str]:
    """The caller's environment without settings of Firstcall: the tests see defaults."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "firstcall.web.settings", **more}


def run_pytest(title: str, arguments: list[str], **environment: str) -> dict[str, Any]:
    """One run of pytest with its own data folder; the figures of tests/budget.py. A run that broke counts as failed."""
    print(f"\n{title}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="fc-suite-"))
    figures = folder / "figures.json"
    environment = {"FIRSTCALL_DATA": str(folder / "data"), "FIRSTCALL_BUDGET": str(figures), **environment}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.budget", "-n", str(WORKERS), "--dist", "loadfile"]
    command += ["--no-loadscope-reorder", "--no-header", "-r", "fE", f"--basetemp={folder / 'tmp'}", *arguments]
    try:
        code = subprocess.run(command, cwd=ROOT, env=clean_environment(**environment)).returncode
        found: dict[str, Any] = json.loads(figures.read_text()) if figures.exists() else {"outcomes": {}}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if code not in (0, 5):  # 5: nothing to run here
        found["outcomes"]["failed"] = max(found["outcomes"].get("failed", 0), 1)
    return found


def run_postgresql(arguments: list[str]) -> dict[str, Any]:
    """A cluster of its own; the migrated database is a template, cloned for each worker."""
    with Cluster() as cluster:
        cluster.execute("CREATE DATABASE firstcall")
        folder = tempfile.mkdtemp(prefix="fc-migrate-")
        migrate = [sys.executable, "-m", "django", "migrate", "-v", "0"]
        environment = clean_environment(DATABASE_URL=cluster.uri("firstcall"), FIRSTCALL_DATA=folder)
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        shutil.rmtree(folder)
        for number in range(WORKERS):
            cluster.execute(f"CREATE DATABASE test_firstcall_gw{number} TEMPLATE firstcall")
        return run_pytest("PostgreSQL", [*POSTGRESQL, *arguments], DATABASE_URL=cluster.uri("firstcall"))


def stretch_of(slowness: float) -> float:
    """By how much the limit is longer on a machine that is slower than the one it was set on: double at most."""
    return min(max(slowness, 1.0), 2.0)


def print_budget(runs: list[dict[str, Any]], seconds: float) -> None:
    """Each group beside its limit: seconds of all workers divided by their number."""
    spent: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    skips: Counter[str] = Counter()
    for run in runs:
        for group, value in run.get("seconds", {}).items():
            spent[group] += value / WORKERS
        tests.update(run.get("tests", {}))
        skips.update(run.get("skips", {}))
    print(f"\n{'budget':<20}{'tests':>7}{'seconds':>10}{'limit':>8}")
    for group, limit in LIMITS.items():
        over = "  over" if spent[group] > limit else ""
        print(f"{group:<20}{tests[group]:>7}{spent[group]:>10.1f}{limit:>8}{over}")
    print(f"{'on the clock':<20}{sum(tests.values()):>7}{seconds:>10.1f}{sum(LIMITS.values()):>8}")
    slowest = sorted((tuple(test) for run in runs for test in run.get("slowest", [])), reverse=True)[:5]
    print("slowest: " + ", ".join(f"{name.rpartition('/')[2]} {value:.1f}" for value, name in slowest))
    for reason, count in skips.items():
        print(f"skipped {count}: {reason}")


def main(arguments: list[str]) -> int:
    start = time.monotonic()
    subprocess.run([ROOT / "tools" / "programs"], cwd=ROOT)
    with Pace() as pace:
        runs = [run_pytest("SQLite", arguments)]
        try:
            runs.append(run_postgresql(arguments))
        except (RuntimeError, subprocess.CalledProcessError) as error:
            print(f"The PostgreSQL run could not start: {error}")
            runs.append({"outcomes": {"failed": 1}})
    seconds = time.monotonic() - start
    print_budget(runs, seconds)
    total: Counter[str] = Counter()
    for run in runs:
        total.update(run["outcomes"])
    limit = sum(LIMITS.values()) * stretch_of(pace.slowness)
    print(
        f"The machine took {pace.slowness:.2f} of the reference's time for the same work: the limit is {limit:.0f} s."
    )
    if seconds > limit:
        print(f"The suite took {seconds:.0f} s, its limit is {limit:.0f} s.")
    print(
        f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped in {seconds:.2f}s", flush=True
    )
    return int(total["failed"] > 0 or seconds > limit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
