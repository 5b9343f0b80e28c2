"""What is reached from a failed node."""

from __future__ import annotations

import networkx
from hypothesis import given
from hypothesis import strategies as st

from firstcall.ready.rules.ripple import Edge, Net, Node

CHECKOUT, REPORTS = ("flow", 1), ("flow", 2)
PAYMENTS, REPORTING = ("component", 1), ("component", 2)
CARDGATE: Node = ("provider", 1)


def reached(failed: Node, *edges: Edge) -> dict[Node, bool]:
    return {item.node: item.stopped for item in Net(edges).ripple(failed)}


def points(edges: list[Edge]) -> dict[Node, tuple[Node, ...]]:
    net = Net(edges)
    return {node: tuple(net.spelled(flows)) for node, flows in net.single_points().items()}


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


def test_a_single_point_of_failure_is_named_with_the_flows_that_stop() -> None:
    edges = [
        Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, CARDGATE), Edge(REPORTS, REPORTING),
        Edge(REPORTING, CARDGATE, hard=False),
    ]  # fmt: skip
    assert points(edges) == {PAYMENTS: (CHECKOUT,), CARDGATE: (CHECKOUT,), REPORTING: (REPORTS,)}


def test_a_fallback_by_itself_makes_it_no_single_point() -> None:
    assert points([Edge(CHECKOUT, CARDGATE, fallback="automatic")]) == {}


def test_circles_are_found_and_named() -> None:
    edges = [Edge(PAYMENTS, REPORTING), Edge(REPORTING, PAYMENTS), Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, CARDGATE)]
    assert Net(edges).circles == [(PAYMENTS, REPORTING)]
    assert Net(edges[1:]).circles == []
    assert points(edges) == {PAYMENTS: (CHECKOUT,), REPORTING: (CHECKOUT,), CARDGATE: (CHECKOUT,)}


def test_what_is_needed_is_walked_once_in_a_circle() -> None:
    edges = [Edge(CHECKOUT, PAYMENTS), Edge(PAYMENTS, REPORTING), Edge(REPORTING, PAYMENTS), Edge(REPORTS, REPORTING)]
    assert Net(edges).needed_by(CHECKOUT) == {PAYMENTS, REPORTING}
    assert Net(edges).needed_by(CARDGATE) == frozenset()


def test_a_ring_of_many_is_one_circle() -> None:
    edges = [Edge(("component", n), ("component", (n * 141 + 1) % 700)) for n in range(700)]
    edges += [Edge(CHECKOUT, ("component", 699)), Edge(("component", 7), CARDGATE)]
    net = Net(edges)
    assert net.reached(CARDGATE) == (net.nodes[:-1], [])
    assert net.single_points()[CARDGATE] == 1


PAIRS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14), st.booleans()), max_size=60)


def node(number: int) -> Node:
    return ("flow", number) if number < 4 else ("component", number)


@given(pairs=PAIRS, failed=st.integers(4, 14))
def test_it_agrees_with_an_independent_reckoning(pairs: list[tuple[int, int, bool]], failed: int) -> None:
    edges = [Edge(node(a), node(b), hard) for a, b, hard in pairs if a != b and b >= 4]
    hard, any_way = networkx.DiGraph(), networkx.DiGraph()
    for graph in (hard, any_way):
        graph.add_nodes_from(map(node, range(15)))
    hard.add_edges_from((edge.needed, edge.needs) for edge in edges if edge.hard)
    any_way.add_edges_from((edge.needed, edge.needs) for edge in edges)
    stopped = networkx.descendants(hard, node(failed))
    net = Net(edges)
    found = net.ripple(node(failed))
    walked = Net(edges, most_kept=0)
    assert (walked.ripple(node(failed)), walked.single_points()) == (found, net.single_points())
    assert {one.node for one in found if one.stopped} == stopped
    assert {one.node for one in found if not one.stopped} == networkx.descendants(any_way, node(failed)) - stopped
    alone = points(edges)
    for number in range(4, 15):
        flows = {one for one in networkx.descendants(hard, node(number)) if one[0] == "flow"}
        assert set(alone.get(node(number), ())) == flows
    groups = {tuple(sorted(group)) for group in networkx.strongly_connected_components(any_way) if len(group) > 1}
    assert set(Net(edges).circles) == groups
