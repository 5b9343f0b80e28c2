"""What is reached from a failed node of the map."""

from __future__ import annotations

from collections import deque
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
    """A node that a failure reaches: `stopped` over hard edges alone, else hurt. `via` is the node it came through."""

    node: Node
    stopped: bool
    via: Node


def ripple(failed: Node, edges: Iterable[Edge]) -> list[Reached]:
    """All nodes that need `failed`, nearest first; cycles are walked once. A node stopped on one way is stopped."""
    needed_by: dict[Node, list[Edge]] = {}
    for edge in edges:
        if edge.fallback != "automatic":
            needed_by.setdefault(edge.needed, []).append(edge)
    reached: dict[Node, Reached] = {}
    waiting: deque[tuple[Node, bool]] = deque([(failed, True)])
    while waiting:
        node, stopped = waiting.popleft()
        for edge in needed_by.get(node, ()):
            stops = stopped and edge.hard
            known = reached.get(edge.needs)
            if edge.needs == failed or (known is not None and (known.stopped or not stops)):
                continue
            reached[edge.needs] = Reached(edge.needs, stops, node)
            waiting.append((edge.needs, stops))
    return list(reached.values())
