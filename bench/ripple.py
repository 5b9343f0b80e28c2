"""What fails with a part, and what stops things alone, on large maps, against networkx, rustworkx and PostgreSQL.

    python -m bench.ripple [--sizes 2000,10000,100000]

A map of five tiers, three edges a component, some of them to hubs; 60 flows on top. Each peer holds the same graph in
memory and is asked the same: the nodes that the greatest hub stops, and every part whose failure stops a flow, with
those flows. `first` is the first answer after the map was read, with all that is made for it; without it: asked again.
Best of some runs; answers are compared. Our sets are as the product keeps them, one whole number each; `spelled` is
what it takes to write all sets of the single points out as lists, which no page does. PostgreSQL answers the hub by a
recursive query over the product's own table. 'Pages' are whole requests, on SQLite, from the request to the last byte
of HTML: of the slowest of 40 parts of 2,000, and of the map with 200 nodes.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import networkx
import rustworkx

from bench import stage
from firstcall.ready.rules.ripple import Edge, Net, Node

FLOWS, TIERS, AIM = 60, 5, 1 / 8
CLASSIC = 20_000  # components up to which networkx's articulation points are waited for


def company(size: int) -> list[Edge]:
    """The same map each time, three edges a component: flows are numbered from 0, components from 0."""
    dice, per = random.Random(size), size // TIERS
    edges = {Edge(("flow", flow), ("component", dice.randrange(per))) for flow in range(FLOWS) for _ in range(5)}
    hubs = (size - 1, per * 3, per * 2 + 1)
    while len(edges) < 3 * size:
        tier = dice.randrange(TIERS - 1)
        needs = dice.randrange(tier * per, (tier + 1) * per)
        far = [hub for hub in hubs if hub >= (tier + 1) * per]
        needed = dice.choice(far) if dice.random() < 0.15 else dice.randrange((tier + 1) * per, (tier + 2) * per)
        edges.add(Edge(("component", needs), ("component", needed)))
    return sorted(edges, key=lambda edge: (edge.needs, edge.needed))


def hub_of(net: Net, size: int) -> Node:
    """The component that stops most."""
    hubs: list[Node] = [("component", size // TIERS * 3), ("component", size - 1)]
    return max(hubs, key=lambda node: len(net.reached(node)[0]))


def best(ask: Callable[[], Any], times: int = 7) -> tuple[float, Any]:
    """Milliseconds of the quickest of some runs, and the answer."""
    quickest, found = float("inf"), None
    for _ in range(times):
        began = time.perf_counter()
        found = ask()
        quickest = min(quickest, time.perf_counter() - began)
    return quickest * 1000, found


def by_descendants(
    library: Any, graph: Any, flows: Mapping[Node, Any], name: Callable[[Any], Any]
) -> dict[Any, set[Node]]:
    """Single points with a library's `descendants`: what each flow needs, turned round."""
    stops: dict[Any, set[Node]] = {}
    for flow, number in flows.items():
        for found in library.descendants(graph, number):
            stops.setdefault(name(found), set()).add(flow)
    return stops


def measure(size: int) -> dict[str, Any]:
    """Figures of one size, in milliseconds, with the ratios to networkx."""
    edges = company(size)
    build, net = best(lambda: Net(edges), 3)
    nx_build, up = best(lambda: networkx.DiGraph((edge.needed, edge.needs) for edge in edges), 3)
    down = up.reverse()
    fast = rustworkx.PyDiGraph()
    fast.add_nodes_from(net.nodes)
    fast.add_edges_from_no_data([(net.places[edge.needed], net.places[edge.needs]) for edge in edges])
    slow = fast.copy()
    slow.reverse()
    flows = {node: place for node, place in net.places.items() if node[0] == "flow"}
    hub = hub_of(net, size)
    fresh = Net(edges)
    first, _ = best(lambda: fresh.reached(hub), 1)
    ours, (stopped, _hurt) = best(lambda: net.reached(hub), 15)
    peer, found = best(lambda: networkx.descendants(up, hub), 15)
    rust, others = best(lambda: [fast[number] for number in rustworkx.descendants(fast, net.places[hub])], 15)
    assert set(stopped) == found == set(others)
    fresh = Net(edges)
    points_first, _ = best(fresh.single_points, 1)
    points, mine = best(net.single_points)
    spelling, _ = best(lambda: {flows: net.spelled(flows) for flows in {*net.single_points().values()}})
    same, theirs = best(lambda: by_descendants(networkx, down, {flow: flow for flow in flows}, lambda node: node), 3)
    rusty, third = best(lambda: by_descendants(rustworkx, slow, flows, slow.__getitem__), 3)
    assert {node: set(net.spelled(mask)) for node, mask in mine.items()} == theirs == third
    figures = {
        "edges": len(edges), "hit": len(found), "build_ms": build, "networkx_build_ms": nx_build,
        "hub_first_ms": first, "hub_ms": ours, "networkx_ms": peer, "rustworkx_ms": rust, "hub_ratio": ours / peer,
        "points": len(mine), "points_first_ms": points_first, "points_ms": points, "networkx_same_ms": same,
        "rustworkx_same_ms": rusty, "points_ratio": points / same, "points_spelled_ms": spelling,
    }  # fmt: skip
    if size <= CLASSIC:
        joints, _ = best(lambda: list(networkx.articulation_points(down.to_undirected())), 1)
        figures |= {"networkx_articulation_ms": joints, "articulation_ratio": points / joints}
    return {name: round(value, 3) for name, value in figures.items()}


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
    Dependency.objects.bulk_create(
        (
            Dependency(
                flow=flows[edge.needs[1]] if edge.needs[0] == "flow" else None,
                from_component=parts[edge.needs[1]] if edge.needs[0] == "component" else None,
                component=parts[edge.needed[1]],
            )
            for edge in edges
        ),
        500,
    )  # fmt: skip
    return hub_of(Net(edges), size)


def page(size: int) -> dict[str, Any]:
    """Pages as a person gets them: of the hub and 39 other parts, each the best of five, and of the map."""
    from django.test import Client

    from firstcall.people.models.user import Access, User
    from firstcall.ready.models.dependency import Dependency

    hub = fill(size)
    user = User.objects.create(username="a", email="ada@example.com", name="Ada", access=Access.ADMIN)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def took(path: str, times: int = 5) -> float:
        took, answer = best(lambda: client.get(path), times)
        assert answer.status_code == 200, answer.status_code
        return round(took, 1)

    took("/flows/components/c0/", 1)  # what is loaded once, whatever is asked
    Dependency.objects.filter(pk=Dependency.objects.latest("pk").pk).update(hard=True)  # the map changed
    fresh = took(f"/flows/components/c{hub[1]}/", 1)
    parts = [took(f"/flows/components/c{number}/") for number in {hub[1], *range(0, size, max(1, size // 39))}]
    return {
        "page_after_change_ms": fresh, "slowest_page_ms": max(parts), "median_page_ms": stage.percentile(parts, 0.5),
        "map_page_ms": took("/flows/map/"), "map_with_hub_ms": took(f"/flows/map/?node=component:c{hub[1]}"),
    }  # fmt: skip


RECURSIVE = """
WITH RECURSIVE hit(kind, id) AS (
  SELECT 'component', %s::bigint
  UNION SELECT CASE WHEN d.flow_id IS NULL THEN 'component' ELSE 'flow' END, coalesce(d.flow_id, d.from_component_id)
  FROM ready_dependency d JOIN hit h ON h.kind = 'component' AND d.component_id = h.id
  WHERE d.hard AND d.fallback <> 'automatic'
) SELECT kind, id FROM hit
"""


def query(size: int) -> dict[str, Any]:
    """What the hub stops, by PostgreSQL's recursive query and by the product on the same store."""
    from django.db import connection

    from firstcall.ready.models.component import Component
    from firstcall.ready.queries.ripple import the_net

    hub = Component.objects.get(slug=f"c{fill(size)[1]}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

        def ask() -> set[Node]:
            cursor.execute(RECURSIVE, [hub.pk])
            return set(cursor.fetchall())

        took, found = best(ask)
        first, _ = best(lambda: the_net().reached(("component", hub.pk)), 1)
        ours, (stopped, _hurt) = best(lambda: the_net().reached(("component", hub.pk)))
        assert found - {("component", hub.pk)} == set(stopped)
    return {
        "recursive_ms": round(took, 2), "ours_first_ms": round(first, 2), "ours_ms": round(ours, 2),
        "hit": len(stopped),
    }  # fmt: skip


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
        result["pages_2000"] = in_store("page", 2000, env)
    with stage.store() as env:
        result["pages_200"] = in_store("page", 200 - FLOWS, env)
    with stage.postgresql() as url, stage.store(url) as env:
        result["postgresql_10000"] = in_store("query", 10_000, env)
    middle = result.get("10000", {})
    result["met"] = {
        "hub": middle.get("hub_ratio", 1) <= AIM, "points_same": middle.get("points_ratio", 1) <= AIM,
        "points_articulation": middle.get("articulation_ratio", 1) <= AIM,
        "end_to_end": result["pages_2000"]["slowest_page_ms"] < 20,
        "map_of_200": result["pages_200"]["map_with_hub_ms"] < 200,
    }  # fmt: skip
    stage.finish(result)


if __name__ == "__main__":
    main()
