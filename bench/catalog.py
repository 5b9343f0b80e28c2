"""A large file of what is prepared: how long it takes to read, to compare and to apply, and how long others wait.

    python -m bench.catalog [--size 2000]

A file of `size` components and three edges each, applied to an empty store, then again with every row changed. 'held'
is the transaction, in which on SQLite nobody else writes. On both stores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

from bench import stage
from bench.ripple import company

AIM = 1.0  # seconds held for 2,000 components


def file_of(size: int, *, note: str) -> bytes:
    """The map of the ripple's bench as YAML, flows and components with some facts; `note` stands in every row."""
    edges = company(size)
    flows = sorted({edge.needs[1] for edge in edges if edge.needs[0] == "flow"})
    lines = ["firstcall: 1", "components:"]
    for n in range(size):
        lines += [f"- slug: c{n}", f"  name: Part {n}", f"  first_steps: Roll back {note}."]
    lines.append("flows:")
    for n in flows:
        lines += [f"- slug: f{n}", f"  name: Flow {n}", f"  cost_per_hour: {n}", f"  stops: Nobody can pay {note}."]
    lines.append("dependencies:")
    for edge in edges:
        start = f"flow:f{edge.needs[1]}" if edge.needs[0] == "flow" else f"component:c{edge.needs[1]}"
        lines += [f"- from: {start}", f"  to: component:c{edge.needed[1]}", f"  fallback_how: {note}"]
    return "\n".join(lines).encode()


def applied(body: bytes) -> dict[str, Any]:
    """Seconds of each part of applying a file, and what came of it."""
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE
    from firstcall.ready.catalogs.read import read_catalog
    from firstcall.ready.commands.catalog import apply_catalog, plan_catalog

    began = time.perf_counter()
    items, _adopt, problems = read_catalog(body)
    assert not problems, problems[:3]
    read = time.perf_counter()
    plan = plan_catalog(items=items, origin="catalog.yaml")
    planned = time.perf_counter()
    counts = apply_catalog(plan=plan, by=MACHINE, now=clock.now())
    held = time.perf_counter() - planned
    return {
        "read_s": round(read - began, 3), "plan_s": round(planned - read, 3), "held_s": round(held, 3),
        **counts,
    }  # fmt: skip


def task(size: int) -> dict[str, Any]:
    """Made, then all changed."""
    made = applied(file_of(size, note="one"))
    return {"made": made, "changed": applied(file_of(size, note="two"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--task", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        import django

        django.setup()
        print(json.dumps(task(given.size)))
        return
    command = [sys.executable, "-m", "bench.catalog", "--task", "--size", str(given.size)]
    result: dict[str, Any] = {"size": given.size, "bytes": len(file_of(given.size, note="one"))}

    def run(name: str, env: dict[str, str]) -> None:
        done = subprocess.run(
            command, env={**os.environ, **env}, check=True, stdout=subprocess.PIPE, text=True, cwd=stage.ROOT
        )
        result[name] = json.loads(done.stdout.splitlines()[-1])

    with stage.store() as env:
        run("sqlite", env)
    with stage.postgresql() as url, stage.store(url) as env:
        run("postgresql", env)
    held = [result[store][what]["held_s"] for store in ("sqlite", "postgresql") for what in ("made", "changed")]
    result["met"] = max(held) < AIM
    stage.finish(result)


if __name__ == "__main__":
    main()
