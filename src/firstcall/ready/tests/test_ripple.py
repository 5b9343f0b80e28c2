"""What is reached from a failed node."""

from __future__ import annotations

from firstcall.ready.rules.ripple import Edge, Node, ripple

CHECKOUT, REPORTS = ("flow", 1), ("flow", 2)
PAYMENTS, REPORTING = ("component", 1), ("component", 2)
CARDGATE: Node = ("provider", 1)


def reached(failed: Node, *edges: Edge) -> dict[Node, bool]:
    return {item.node: item.stopped for item in ripple(failed, edges)}


def test_a_failure_climbs_from_provider_to_flow() -> None:
    edges = (Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, CARDGATE), Edge(REPORTS, REPORTING))
    assert reached(CARDGATE, *edges) == {PAYMENTS: True, CHECKOUT: True}


def test_over_a_soft_edge_it_hurts_and_does_not_stop() -> None:
    edges = (Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, CARDGATE, hard=False))
    assert reached(CARDGATE, *edges) == {PAYMENTS: False, CHECKOUT: False}


def test_stopped_on_one_way_is_stopped() -> None:
    edges = (Edge(CHECKOUT, CARDGATE, hard=False), Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, CARDGATE))
    assert reached(CARDGATE, *edges) == {CHECKOUT: True, PAYMENTS: True}


def test_an_automatic_fallback_stops_the_ripple_and_one_by_hand_does_not() -> None:
    assert reached(CARDGATE, Edge(CHECKOUT, CARDGATE, fallback="automatic")) == {}
    assert reached(CARDGATE, Edge(CHECKOUT, CARDGATE, fallback="manual")) == {CHECKOUT: True}


def test_a_circle_is_walked_once() -> None:
    edges = (Edge(PAYMENTS, REPORTING), Edge(REPORTING, PAYMENTS), Edge(CHECKOUT, PAYMENTS))
    assert reached(PAYMENTS, *edges) == {REPORTING: True, CHECKOUT: True}
