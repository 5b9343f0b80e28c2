"""What is reached from a failed node of the map, what stops alone, and where the map runs in circles.

A set of nodes is one whole number: bit n stands for the node at place n, and two sets are joined by one `|`. Joined
once along the map, in the order of the nodes, they say of every node at once whom it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import NamedTuple, TypeVar

Place = TypeVar("Place", int, tuple[str, int])
Node = tuple[str, int]  # ('flow' | 'component' | 'provider', id)
MOST_KEPT = 16_000  # nodes up to which every ripple is kept: n² / 8 bytes, 32 MB; a larger map is walked when asked
BITS, DIGITS = bytes.maketrans(b"01", b"\x00\x01"), bytes.maketrans(b"\x00\x01", b"01")


class Edge(NamedTuple):
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
    """The map in memory: made once, asked often, never changed.

    `nodes` are in order: whoever needs stands before what it needs. Only nodes that need each other can't; they stand
    side by side.
    """

    def __init__(self, edges: Iterable[Edge], *, most_kept: int = MOST_KEPT) -> None:
        self.edges = tuple(edges)
        met = dict.fromkeys(node for edge in self.edges for node in (edge.needs, edge.needed))
        known = sorted(met, key=lambda node: node[0] != "flow")  # flows first: a set of flows is a short number
        numbers = {node: number for number, node in enumerate(known)}
        ends = [(numbers[edge.needs], numbers[edge.needed]) for edge in self.edges]
        order, self._circles = _in_order(len(known), ends)
        self.nodes = [known[number] for number in order]
        self.places = {node: place for place, node in enumerate(self.nodes)}
        self._is_kept = len(order) <= most_kept
        self._flows = sum(1 << place for node, place in self.places.items() if node[0] == "flow")
        self.up: list[list[int]] = [[] for _ in order]  # who is hit with it
        self.hard_up: list[list[int]] = [[] for _ in order]  # who stops with it
        place = [0] * len(order)
        for new, old in enumerate(order):
            place[old] = new
        for edge, (needs, needed) in zip(self.edges, ends, strict=True):
            if edge.fallback != "automatic":
                self.up[place[needed]].append(place[needs])
                if edge.hard:
                    self.hard_up[place[needed]].append(place[needs])

    def reached(self, failed: Node) -> tuple[list[Node], list[Node]]:
        """What stops with it and what is only hurt, each in the order of the nodes, without itself."""
        start = self.places.get(failed)
        if start is None:
            return [], []
        if not self._is_kept:
            stops, hit = _walk(start, self.hard_up), _walk(start, self.up)
        else:
            stops, hit = self._stops[start], self._hit[start]
        return self.spelled(stops & ~(1 << start)), self.spelled(hit & ~stops)

    def ripple(self, failed: Node) -> list[Reached]:
        """All nodes that need `failed`, what stops before what is hurt."""
        stopped, hurt = self.reached(failed)
        return [Reached(node, True) for node in stopped] + [Reached(node, False) for node in hurt]

    def needed_by(self, node: Node) -> frozenset[Node]:
        """All that this node needs, over any edge at any depth; without itself."""
        return frozenset(_nearest(node, lambda one: self._down.get(one, ())))

    def near(self, node: Node) -> tuple[list[Node], list[Node]]:
        """What a failure of this node reaches and all that it needs, each the nearest first; without itself."""
        start = self.places.get(node)
        up = [] if start is None else [self.nodes[place] for place in _nearest(start, self.up.__getitem__)]
        return up, _nearest(node, lambda one: self._down.get(one, ()))

    def single_points(self) -> dict[Node, int]:
        """Every component and provider whose failure alone stops a flow, with the set of flows that stop."""
        flows = self._flows
        if not self._is_kept:
            masks = self._join(self.hard_up, lambda place: (flows >> place & 1) << place)
        else:
            masks = self._stops
        return {
            node: mask & flows
            for node, mask in zip(self.nodes, masks, strict=True)
            if mask & flows and node[0] != "flow"
        }

    @cached_property
    def bare(self) -> frozenset[Node]:
        """What something needs hard and has no fallback for."""
        return frozenset(edge.needed for edge in self.edges if edge.hard and edge.fallback == "none")

    @cached_property
    def circles(self) -> list[tuple[Node, ...]]:
        """Groups of nodes that all need each other, whatever the edge, each in order."""
        return sorted(tuple(sorted(self.nodes[place] for place in circle)) for circle in self._circles)

    def spelled(self, mask: int) -> list[Node]:
        """The nodes of a set, in order. Binary digits are made in one go: bit by bit would take the square of it."""
        return list(compress(self.nodes, f"{mask:b}"[::-1].encode().translate(BITS)))

    @cached_property
    def _stops(self) -> list[int]:
        return self._join(self.hard_up, lambda place: 1 << place)

    @cached_property
    def _hit(self) -> list[int]:
        return self._join(self.up, lambda place: 1 << place)

    @cached_property
    def _down(self) -> dict[Node, list[Node]]:
        down: dict[Node, list[Node]] = {}
        for edge in self.edges:
            down.setdefault(edge.needs, []).append(edge.needed)
        return down

    def _join(self, ways: Sequence[Sequence[int]], own: Callable[[int], int]) -> list[int]:
        """The set of every node: its own, and those of all it has a way to."""
        masks, done = list(map(own, range(len(ways)))), 0
        for circle in self._circles:
            _pass(range(done, circle.start), ways, masks)
            while _pass(circle, ways, masks):  # each may be what the one before it waits for
                pass
            done = circle.stop
        _pass(range(done, len(masks)), ways, masks)
        return masks


def _pass(places: range, ways: Sequence[Sequence[int]], masks: list[int]) -> bool:
    """Join once, in order; whether a set grew."""
    grew = False
    for place in places:
        mask = old = masks[place]
        for other in ways[place]:
            mask |= masks[other]
        if mask != old:
            masks[place] = mask
            grew = True
    return grew


def _nearest(start: Place, ways: Callable[[Place], Iterable[Place]]) -> list[Place]:
    """All that can be reached over `ways`, the nearest first, without `start`."""
    seen, waiting = {start}, [start]
    for place in waiting:  # grows while it is walked
        for other in ways(place):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return waiting[1:]


def _walk(start: int, ways: Sequence[Sequence[int]]) -> int:
    """The set of all that can be reached over `ways`, with `start`."""
    seen = bytearray(len(ways))
    seen[start] = 1
    waiting = [start]
    for place in waiting:  # grows while it is walked
        for other in ways[place]:
            if not seen[other]:
                seen[other] = 1
                waiting.append(other)
    return int(seen[::-1].translate(DIGITS), 2)


def _in_order(size: int, ends: Sequence[tuple[int, int]]) -> tuple[list[int], list[range]]:
    """Numbers from 0, whoever needs before what it needs (Kahn, 1962), and the places of those in circles."""
    down: list[list[int]] = [[] for _ in range(size)]
    waits = [0] * size
    for needs, needed in ends:
        down[needs].append(needed)
        waits[needed] += 1
    order = [number for number, count in enumerate(waits) if not count]
    for number in order:  # grows while it is walked
        for needed in down[number]:
            waits[needed] -= 1
            if not waits[needed]:
                order.append(needed)
    circles = []
    if len(order) < size:  # what is left waits for itself, or for what does
        for group in _groups([number for number in range(size) if waits[number]], down):
            if len(group) > 1:
                circles.append(range(len(order), len(order) + len(group)))
            order += group
    return order, circles


def _groups(numbers: Sequence[int], down: Sequence[Sequence[int]]) -> list[list[int]]:
    """Numbers that all need each other together, in order (Kosaraju; Sharir, 1981)."""
    after = _postorder(numbers, down)[::-1]
    back: dict[int, list[int]] = {number: [] for number in numbers}
    for number in numbers:
        for needed in down[number]:
            back[needed].append(number)
    seen: set[int] = set()
    rank = {number: place for place, number in enumerate(after)}
    groups = []
    for root in after:
        if root in seen:
            continue
        seen.add(root)
        group = [root]
        for number in group:  # grows while it is walked
            for needs in back[number]:
                if needs not in seen:
                    seen.add(needs)
                    group.append(needs)
        groups.append(sorted(group, key=rank.__getitem__))  # so that two passes are enough for most circles
    return groups


def _postorder(roots: Iterable[int], down: Sequence[Sequence[int]]) -> list[int]:
    """Each number after all that it needs, as far as circles allow."""
    seen: set[int] = set()
    done = []
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(down[root]))]
        while stack:
            number, rest = stack[-1]
            for needed in rest:
                if needed not in seen:
                    seen.add(needed)
                    stack.append((needed, iter(down[needed])))
                    break
            else:
                done.append(number)
                stack.pop()
    return done
