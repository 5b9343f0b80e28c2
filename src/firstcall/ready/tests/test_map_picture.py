"""The map's drawing: layers from top to bottom, what is needed below what needs it."""

from __future__ import annotations

from firstcall.ready.queries.map_picture import Layers, Picture, map_picture
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
