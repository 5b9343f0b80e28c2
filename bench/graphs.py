"""Service graphs of others: how much of each is read, how long that takes, and how many come back from our own file.

    python -m bench.graphs [FOLDER]      (or FIRSTCALL_EVAL=…, of which its graphs/ is read)

Every graph of every *.json and every *.yaml (Backstage) in the folder is read, applied to an empty store, written as
our own file and applied to an empty store again; it comes back when both files are the same. 'in_file' counts nodes and
edges without our reader: an edge said twice, or of a node to itself, is no edge. The ripple of every node is compared
with networkx's. Nothing of the folder is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx
import yaml

from bench import stage

LISTS = ("dependsOn", "consumesApis", "providesApis", "dependencyOf")
PARTS = ("component", "resource", "api")


def folder_of(given: str) -> Path:
    """The folder, or an end with a sentence."""
    if not given and not os.environ.get("FIRSTCALL_EVAL"):
        raise SystemExit("Say where the graphs are: python -m bench.graphs FOLDER, or set FIRSTCALL_EVAL.")
    folder = Path(given) if given else Path(os.environ["FIRSTCALL_EVAL"]) / "graphs"
    if not any(sources(folder)):
        raise SystemExit(f"There is no graph in {folder}: it needs *.json or *.yaml.")
    return folder


def sources(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """(file, form, graph) of everything to read, in the order of names."""
    for path in sorted(folder.glob("*.json")):
        whole = json.loads(path.read_bytes())
        names = [""] if "nodes" in whole else sorted(key for key, one in whole.items() if "nodes" in one)
        yield from ((path, "graph", name) for name in names)
    yield from ((path, "backstage", "") for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]))


def counted(path: Path, form: str, name: str) -> tuple[int, int]:
    """Nodes and different edges that stand in the file, counted without the product's reader.

    Of a Backstage file: the nodes that it describes and the edges that its lists name.
    """
    if form == "graph":
        whole = json.loads(path.read_bytes())
        graph = whole[name] if name else whole
        edges = {tuple(edge) if isinstance(edge, list) else (edge["source"], edge["target"]) for edge in graph["edges"]}
        return len(graph["nodes"]), sum(start != end for start, end in edges)
    entities = [one for one in yaml.safe_load_all(path.read_text()) if one and one["kind"].lower() in PARTS]
    named = {
        (one["metadata"]["name"], key, other) for one in entities for key in LISTS for other in one["spec"].get(key, [])
    }
    return len(entities), len(named)


def measure(path: Path, form: str, name: str) -> dict[str, Any]:
    """One graph, there and back."""
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE
    from firstcall.ready.catalogs.form import read_any
    from firstcall.ready.catalogs.read import read_catalog
    from firstcall.ready.catalogs.write import write_catalog
    from firstcall.ready.commands.catalog import apply_catalog, plan_catalog
    from firstcall.ready.queries.catalog import MODELS, catalog_items
    from firstcall.ready.queries.ripple import the_net

    began = time.perf_counter()
    items, _adopt, problems = read_any(path.read_bytes(), form=form, graph=name)
    read = time.perf_counter()
    nodes, edges = counted(path, form, name)
    found: dict[str, Any] = {"in_file": [nodes, edges], "problems": len(problems)}
    if problems:
        return found | {"first_problem": problems[0].sentence}
    apply_catalog(plan=plan_catalog(items=items, origin="graph"), by=MACHINE, now=clock.now())
    applied = time.perf_counter()
    net = the_net()
    up = networkx.DiGraph((edge.needed, edge.needs) for edge in net.edges)
    same = sum({*net.reached(node)[0]} == networkx.descendants(up, node) for node in net.nodes)
    first = write_catalog(catalog_items())
    for model in reversed(MODELS.values()):
        model._default_manager.all().delete()
    again, _adopt, wrong = read_catalog(first)
    if not wrong:
        apply_catalog(plan=plan_catalog(items=again, origin="graph"), by=MACHINE, now=clock.now())
    comes_back = not wrong and write_catalog(catalog_items()) == first
    kinds = [item.kind for item in items]
    for model in reversed(MODELS.values()):
        model._default_manager.all().delete()
    return found | {
        "nodes": kinds.count("component") + kinds.count("provider"), "edges": kinds.count("dependency"),
        "teams": kinds.count("team"), "read_ms": round((read - began) * 1000, 1),
        "apply_ms": round((applied - read) * 1000, 1), "ripples_same": f"{same} of {len(net.nodes)}",
        "comes_back": comes_back,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--task", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = folder_of(given.folder)
    if given.task:
        import django

        django.setup()
        found = {f"{path.name} {name}".strip(): measure(path, form, name) for path, form, name in sources(folder)}
        print(json.dumps(found))
        return
    with stage.store() as env:
        command = [sys.executable, "-m", "bench.graphs", "--task", str(folder.resolve())]
        done = subprocess.run(
            command, env={**os.environ, **env}, check=True, stdout=subprocess.PIPE, text=True, cwd=stage.ROOT
        )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for name, figures in result.items():
        print(name, figures)
    whole = [one for one in result.values() if not one["problems"]]
    result["read"] = {
        "graphs": f"{len(whole)} of {len(result)}", "nodes": sum(one["nodes"] for one in whole),
        "edges": sum(one["edges"] for one in whole), "come_back": sum(one["comes_back"] for one in whole),
    }  # fmt: skip
    stage.finish(result)


if __name__ == "__main__":
    main()
