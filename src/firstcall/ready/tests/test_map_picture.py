"""The map's drawing: layers from top to bottom, what is needed below what needs it."""

from __future__ import annotations

import pytest

from firstcall.ready.queries.map_picture import Layers, Picture, map_picture, part_of, parts_named
from firstcall.ready.rules.ripple import Edge, Net, Node

CHECKOUT, PAYMENTS, LEDGER, SHOP = ("flow", 1), ("component", 1), ("component", 2), ("component", 3)
CARDGATE: Node = ("provider", 1)
NAMES = {
    node: (f"{node[0]}:{node[1]}", f"{node[0]} {node[1]}") for node in (CHECKOUT, PAYMENTS, LEDGER, SHOP, CARDGATE)
}
LAYERS = Layers({"flow": [CHECKOUT], "component": [PAYMENTS, LEDGER, SHOP], "provider": [CARDGATE]}, NAMES)
EDGES = [Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, LEDGER), Edge(PAYMENTS, CARDGATE)]


def heights(picture: Picture) -> dict[Node, int]:
    return {box.node: box.y for box in picture.boxes}


def test_lines_run_down() -> None:
    y = heights(map_picture(LAYERS, Net(EDGES), ""))
    assert y[CHECKOUT] < y[PAYMENTS] == y[SHOP] < y[LEDGER] < y[CARDGATE]


def test_a_circle_is_drawn_and_ends() -> None:
    y = heights(map_picture(LAYERS, Net([*EDGES, Edge(LEDGER, PAYMENTS)]), ""))
    assert len(y) == 5
    assert y[CHECKOUT] < min(y[PAYMENTS], y[LEDGER])


def test_on_a_phone_only_what_is_hit_is_drawn() -> None:
    small = map_picture(LAYERS, Net(EDGES), "provider:1", narrow=True)
    assert set(heights(small)) == {CHECKOUT, PAYMENTS, CARDGATE}
    assert {box.node: box.look for box in small.boxes}[CARDGATE] == "root"


def test_a_node_that_is_not_there_chooses_nothing() -> None:
    picture = map_picture(LAYERS, Net(EDGES), "provider:99")
    assert picture.failed is None
    assert {box.look for box in picture.boxes} == {""}


def large(size: int) -> tuple[Layers, Net]:
    """Two flows need part 0; each part needs the next and one more that nothing else needs."""
    flows: list[Node] = [("flow", 1), ("flow", 2)]
    parts: list[Node] = [("component", n) for n in range(size)]
    edges = [Edge(flow, parts[0]) for flow in flows]
    edges += [Edge(parts[n], parts[n + 2]) for n in range(0, size - 2, 2)]
    edges += [Edge(parts[n], parts[n + 1]) for n in range(0, size - 1, 2)]
    names = {node: (f"{node[0]}:{node[1]}", f"Part {node[1]}") for node in [*flows, *parts]}
    return Layers({"flow": flows, "component": parts, "provider": []}, names), Net(edges)


def test_up_to_two_hundred_nodes_are_drawn_whole() -> None:
    assert part_of(*large(198), "", []) is None
    found = part_of(*large(199), "", [])
    assert found is not None and (found.all, found.count, found.left) == (
        201, 3, {"flow": 0, "component": 198, "provider": 0},
    )  # fmt: skip


def test_of_a_large_map_the_flows_what_they_need_first_and_the_dearest_are_drawn() -> None:
    found = part_of(*large(300), "", [f"component:{n}" for n in range(100, 200)])
    assert found is not None
    assert found.layers.rows == {
        "flow": [("flow", 1), ("flow", 2)], "component": [("component", n) for n in [0, *range(100, 130)]],
        "provider": [],
    }  # fmt: skip


def test_of_a_chosen_part_the_nearest_are_drawn_and_the_rest_is_counted() -> None:
    layers, net = large(300)
    found = part_of(layers, net, "component:100", [])
    assert found is not None
    hanging, needed = range(40, 100, 2), [101, 102, *range(103, 115)]
    assert found.layers.rows["component"] == [("component", n) for n in sorted([*hanging, 100, *needed, 116])]
    assert (found.layers.rows["flow"], found.hanging, found.needed, found.count) == ([], 22, 184, 46)
    picture = map_picture(found.layers, net, "component:100")
    assert (len(picture.boxes), picture.failed and picture.failed.key) == (46, "component:100")


def test_a_circle_in_a_large_map_is_drawn_once() -> None:
    layers, net = large(300)
    found = part_of(layers, Net([*net.edges, Edge(("component", 298), ("component", 0))]), "component:0", [])
    assert found is not None and found.hanging > 0
    assert found.count == len({node for nodes in found.layers.rows.values() for node in nodes})


@pytest.mark.parametrize(
    ("text", "found"), [("", []), (" ", []), ("PART 29", ["29", *(str(n) for n in range(290, 300))]), ("<x>", [])]
)
def test_a_part_is_found_by_its_name(text: str, found: list[str]) -> None:
    layers, _net = large(300)
    assert [name for _key, name in parts_named(layers, text)] == [f"Part {n}" for n in found]
    assert len(parts_named(layers, "part")) == 20
