"""What is reached from a failed node of the map, what stops alone, and where the map runs in circles.

Circles are allowed: a walk enters each node once. Times grow with the edges walked, not with their pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Node = tuple[str, int]  # ('flow' | 'component' | 'provider', id)


@dataclass(frozen=True, slots=True)
class Edge:
    """`needs` needs `needed`; hard: without it nothing goes. A fallback by itself ('automatic') stops the ripple."""

    needs: Node
    needed: Node
    hard: bool = True
    fallback: str = "none"


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that a failure reaches: `stopped` over hard edges alone, else hurt."""

    node: Node
    stopped: bool


class Net:
    """The edges as lists of numbers, made once and asked often. Every node of an edge has a number."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.numbers: dict[Node, int] = {}
        self.nodes: list[Node] = []
        self.hard_up: list[list[int]] = []  # who stops with it
        self.soft_up: list[list[int]] = []  # who is hurt with it
        self.hard_down: list[list[int]] = []  # what it can't do without
        for edge in edges:
            needs, needed = self._number(edge.needs), self._number(edge.needed)
            if edge.fallback == "automatic":
                continue
            if edge.hard:
                self.hard_up[needed].append(needs)
                self.hard_down[needs].append(needed)
            else:
                self.soft_up[needed].append(needs)

    def _number(self, node: Node) -> int:
        number = self.numbers.get(node)
        if number is None:
            number = self.numbers[node] = len(self.nodes)
            self.nodes.append(node)
            self.hard_up.append([])
            self.soft_up.append([])
            self.hard_down.append([])
        return number

    def reached(self, failed: Node) -> tuple[list[int], list[int]]:
        """Numbers of what stops, and of what is hurt, each nearest first."""
        start = self.numbers.get(failed)
        if start is None:
            return [], []
        seen = bytearray(len(self.nodes))
        seen[start] = 1
        stopped = _spread([start], seen, self.hard_up)
        hurt = []
        for number in stopped:
            for after in self.soft_up[number]:
                if not seen[after]:
                    seen[after] = 1
                    hurt.append(after)
        _spread(hurt, seen, self.hard_up, self.soft_up)
        return stopped[1:], hurt


def _spread(waiting: list[int], seen: bytearray, *ways: list[list[int]]) -> list[int]:
    """Go on from `waiting` to whatever was not seen yet; all of it, `waiting` first."""
    for number in waiting:  # grows while it is walked
        for way in ways:
            for after in way[number]:
                if not seen[after]:
                    seen[after] = 1
                    waiting.append(after)
    return waiting


def ripple(failed: Node, edges: Iterable[Edge]) -> list[Reached]:
    """All nodes that need `failed`, what stops before what is hurt, each nearest first."""
    net = Net(edges)
    stopped, hurt = net.reached(failed)
    return [Reached(net.nodes[one], True) for one in stopped] + [Reached(net.nodes[one], False) for one in hurt]


def single_points(net: Net) -> dict[Node, tuple[Node, ...]]:
    """Every component and provider whose failure alone stops a flow, with the flows that stop."""
    flows = [number for number, node in enumerate(net.nodes) if node[0] == "flow"]
    order = _postorder(net.hard_down, flows)[::-1]
    bits = dict.fromkeys(order, 0)  # bit n: the flow at place n stops with it
    for place, number in enumerate(flows):
        bits[number] |= 1 << place
    changed = True
    while changed:  # once, and once more to see that nothing changes; circles need a few rounds
        changed = False
        for number in order:
            mine = bits[number]
            for needed in net.hard_down[number]:
                if mine & ~bits[needed]:
                    bits[needed] |= mine
                    changed = True
    names = [net.nodes[number] for number in flows]
    spelled = {  # many parts stop the same flows: each set is spelled out once
        found: tuple(flow for place, flow in enumerate(names) if found >> place & 1) for found in set(bits.values())
    }
    return {net.nodes[number]: spelled[bits[number]] for number in order if net.nodes[number][0] != "flow"}


def _postorder(down: list[list[int]], roots: Iterable[int]) -> list[int]:
    seen, done = bytearray(len(down)), []
    for root in roots:
        if seen[root]:
            continue
        seen[root] = 1
        stack = [(root, iter(down[root]))]
        while stack:
            number, rest = stack[-1]
            for after in rest:
                if not seen[after]:
                    seen[after] = 1
                    stack.append((after, iter(down[after])))
                    break
            else:
                done.append(number)
                stack.pop()
    return done


def circles(edges: Iterable[Edge]) -> list[tuple[Node, ...]]:
    """Groups of nodes that all need each other, whatever the edge, each in order."""
    down: dict[Node, list[Node]] = {}
    for edge in edges:
        down.setdefault(edge.needs, []).append(edge.needed)
        down.setdefault(edge.needed, [])
    nodes = list(down)
    numbers = {node: number for number, node in enumerate(nodes)}
    forward = [[numbers[other] for other in down[node]] for node in nodes]
    back: list[list[int]] = [[] for _ in nodes]
    for number, others in enumerate(forward):
        for other in others:
            back[other].append(number)
    seen, found = bytearray(len(nodes)), []
    for root in reversed(
        _postorder(forward, range(len(nodes)))
    ):  # Kosaraju: whoever is reached backward in this order is in a circle
        if seen[root]:
            continue
        seen[root] = 1
        group = [root]
        for number in group:
            for other in back[number]:
                if not seen[other]:
                    seen[other] = 1
                    group.append(other)
        if len(group) > 1:
            found.append(tuple(sorted(nodes[number] for number in group)))
    return sorted(found)
