"""What fails with a part, and what stops things alone, on large maps, against networkx, rustworkx and PostgreSQL.

    python -m bench.ripple [--sizes 2000,10000,100000]

A map of five tiers, three edges a component, some of them to hubs; 60 flows on top. Asked: everything the greatest hub
stops, and every single point of failure with its flows. Best of seven; all answer the same graph and are compared.
PostgreSQL answers the hub by a recursive query over the product's own table. 'end to end' is the page of a node, from
the request to the last byte of HTML, at 2,000 components on SQLite.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx
import rustworkx

from bench import stage
from firstcall.ready.rules.ripple import Edge, Net, Node, single_points

FLOWS, TIERS, AIM = 60, 5, 1 / 8
CLASSIC = 20_000  # components up to which networkx's articulation points are waited for


def company(size: int) -> list[Edge]:
    """The same map each time: flows are numbered from 0, components from 0."""
    dice, per = random.Random(size), size // TIERS
    edges = [Edge(("flow", flow), ("component", dice.randrange(per))) for flow in range(FLOWS) for _ in range(5)]
    hubs = (size - 1, per * 3, per * 2 + 1)
    seen: set[tuple[int, int]] = set()
    while len(seen) < 3 * size - len(edges) // 5:
        tier = dice.randrange(TIERS - 1)
        needs = dice.randrange(tier * per, (tier + 1) * per)
        far = [hub for hub in hubs if hub >= (tier + 1) * per]
        needed = dice.choice(far) if dice.random() < 0.15 else dice.randrange((tier + 1) * per, (tier + 2) * per)
        if (needs, needed) not in seen:
            seen.add((needs, needed))
            edges.append(Edge(("component", needs), ("component", needed)))
    return edges


def best(ask: Callable[[], Any], times: int = 7) -> tuple[float, Any]:
    """Milliseconds of the quickest of some runs, and the answer."""
    quickest, found = float("inf"), None
    for _ in range(times):
        began = time.perf_counter()
        found = ask()
        quickest = min(quickest, time.perf_counter() - began)
    return quickest * 1000, found


def measure(size: int) -> dict[str, Any]:
    """Figures of one size, in milliseconds, with the ratios to networkx."""
    edges = company(size)
    build, net = best(lambda: Net(edges), 2)
    up = networkx.DiGraph((edge.needed, edge.needs) for edge in edges)
    down = up.reverse()
    numbers = {node: number for number, node in enumerate(net.nodes)}
    fast = rustworkx.PyDiGraph()
    fast.add_nodes_from(net.nodes)
    fast.add_edges_from_no_data([(numbers[edge.needed], numbers[edge.needs]) for edge in edges])
    hub: Node = max((("component", size // TIERS * tier) for tier in (3,)), key=lambda node: up.out_degree(node))
    hub = max([hub, ("component", size - 1)], key=lambda node: len(net.reached(node)[0]))
    ours, (stopped, _hurt) = best(lambda: net.reached(hub))
    peer, found = best(lambda: networkx.descendants(up, hub))
    rust, others = best(lambda: rustworkx.descendants(fast, numbers[hub]))
    assert {net.nodes[number] for number in stopped} == found
    assert len(others) == len(found)
    points, mine = best(lambda: single_points(net), 3)

    def by_networkx() -> dict[Node, set[Node]]:
        stops: dict[Node, set[Node]] = {}
        for flow in range(FLOWS):
            for node in networkx.descendants(down, ("flow", flow)):
                stops.setdefault(node, set()).add(("flow", flow))
        return stops

    same, theirs = best(by_networkx, 2)
    assert {node: set(flows) for node, flows in mine.items()} == theirs
    figures = {
        "edges": len(edges), "hit": len(found), "build_ms": round(build, 1), "hub_ms": round(ours, 2),
        "networkx_ms": round(peer, 2), "rustworkx_ms": round(rust, 2), "hub_ratio": round(ours / peer, 3),
        "points": len(mine), "points_ms": round(points, 1), "networkx_same_ms": round(same, 1),
        "points_ratio": round(points / same, 3),
    }  # fmt: skip
    if size <= CLASSIC:
        joints, _ = best(lambda: list(networkx.articulation_points(down.to_undirected())), 1)
        figures |= {"networkx_articulation_ms": round(joints, 1), "articulation_ratio": round(points / joints, 3)}
    return figures


def in_store(task: str, size: int, env: dict[str, str]) -> dict[str, Any]:
    """Run a task of this program on a store of its own; its last line is JSON."""
    import json
    import os

    command = [sys.executable, "-m", "bench.ripple", "--task", task, "--size", str(size)]
    done = subprocess.run(
        command, env={**os.environ, **env}, check=True, capture_output=True, text=True, cwd=stage.ROOT
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def fill(size: int) -> Node:
    """The map as rows; the greatest hub."""
    from firstcall.ready.models.component import Component
    from firstcall.ready.models.dependency import Dependency
    from firstcall.ready.models.flow import Flow

    edges = company(size)
    flows = Flow.objects.bulk_create(Flow(slug=f"f{n}", name=f"Flow {n}", cost_per_hour=n) for n in range(FLOWS))
    parts = Component.objects.bulk_create((Component(slug=f"c{n}", name=f"Part {n}") for n in range(size)), 500)
    once = {(edge.needs, edge.needed) for edge in edges}
    Dependency.objects.bulk_create(
        (
            Dependency(
                flow=flows[needs[1]] if needs[0] == "flow" else None,
                from_component=parts[needs[1]] if needs[0] == "component" else None, component=parts[needed[1]],
            )
            for needs, needed in once
        ),
        500,
    )  # fmt: skip
    net = Net(edges)
    return max((("component", size // TIERS * 3), ("component", size - 1)), key=lambda node: len(net.reached(node)[0]))


def page(size: int) -> dict[str, Any]:
    """The page of the hub and of an ordinary part, as a person gets it."""
    from django.test import Client

    from firstcall.people.models.user import Access, User

    hub = fill(size)
    user = User.objects.create(username="a", email="ada@example.com", name="Ada", access=Access.ADMIN)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    hub_ms, answer = best(lambda: client.get(f"/flows/components/c{hub[1]}/"))
    assert answer.status_code == 200, answer.status_code
    plain_ms, _ = best(lambda: client.get("/flows/components/c5/"))
    return {"hub_page_ms": round(hub_ms, 1), "page_ms": round(plain_ms, 1)}


RECURSIVE = """
WITH RECURSIVE hit(id) AS (
  SELECT from_component_id FROM ready_dependency WHERE component_id = %s AND from_component_id IS NOT NULL
  UNION SELECT d.from_component_id FROM ready_dependency d JOIN hit h ON d.component_id = h.id
  WHERE d.from_component_id IS NOT NULL
) SELECT count(*) FROM hit
"""


def query(size: int) -> dict[str, Any]:
    """The hub's components by PostgreSQL's recursive query."""
    from django.db import connection

    from firstcall.ready.models.component import Component

    hub = Component.objects.get(slug=f"c{fill(size)[1]}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

        def ask() -> int:
            cursor.execute(RECURSIVE, [hub.pk])
            return int(cursor.fetchone()[0])

        took, count = best(ask, 5)
    return {"ms": round(took, 1), "components": count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,10000,100000")
    parser.add_argument("--task", default="", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        import json

        import django

        django.setup()
        print(json.dumps({"page": page, "query": query}[given.task](given.size)))
        return
    result: dict[str, Any] = {}
    for size in map(int, given.sizes.split(",")):
        result[str(size)] = measure(size)
        print(size, result[str(size)], flush=True)
    with stage.store() as env:
        result["end_to_end_2000"] = in_store("page", 2000, env)
    with stage.postgresql() as url, stage.store(url) as env:
        result["postgresql_10000"] = in_store("query", 10_000, env)
    middle = result.get("10000", {})
    result["met"] = {
        "hub": middle.get("hub_ratio", 1) <= AIM, "points_same": middle.get("points_ratio", 1) <= AIM,
        "points_articulation": middle.get("articulation_ratio", 1) <= AIM,
        "end_to_end": result["end_to_end_2000"]["hub_page_ms"] < 20,
    }  # fmt: skip
    stage.finish(result)


if __name__ == "__main__":
    main()
