"""The map as a picture: places for nodes and lines, in three layers. Drawn by the template as SVG.

A map of more than two hundred nodes is not drawn whole: its flows and dearest single points are, and of a chosen part
what is near it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.ripple import Edge, Net, Node

WIDTH, HEIGHT, GAP, ROW = 148, 44, 16, 108
A_ROW, A_ROW_NARROW = 7, 2
MOST_DEPTH = 6
MOST_NAMES = 200
MOST_LOOKS = 4  # rounds of putting nodes near what pulls at them
MOST_DRAWN = 200  # nodes of one picture
FLOWS, FIRST, DEAREST = 40, 30, 30  # of a larger map, while nothing is chosen
HANGING, NEEDED = 30, 15  # of a larger map, near what is chosen


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place; `look` is root, hit, fade or empty."""

    node: Node
    key: str
    name: str
    x: int
    y: int
    look: str
    sketched: bool = False
    sample: bool = False

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int
    look: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and lines in a field of `width` by `height` units; `layers` is the same as a list."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    failed: Box | None
    stopped: frozenset[Node] = frozenset()
    layers: list[tuple[str, list[Box]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layers:
    """All nodes by layer, flows the most critical first, and their keys and names."""

    rows: dict[str, list[Node]]
    names: Mapping[Node, tuple[str, str]]
    sketched: frozenset[Node] = frozenset()
    sample: frozenset[Node] = frozenset()


def layers_of(flows: Collection[Flow]) -> Layers:
    """Every node of the map. Two statements."""
    parts = {
        "flow": [(row.pk, row.slug, row.name, row.sketched, row.sample) for row in flows],
        "component": list(Component.objects.values_list("pk", "slug", "name", "sketched", "sample")),
        "provider": list(Provider.objects.values_list("pk", "slug", "name", "sketched", "sample")),
    }
    nodes = [((noun, row[0]), row) for noun, rows in parts.items() for row in rows]
    return Layers(
        {noun: [(noun, row[0]) for row in rows] for noun, rows in parts.items()},
        {node: (f"{node[0]}:{slug}", name) for node, (_pk, slug, name, *_marks) in nodes},
        frozenset(node for node, row in nodes if row[3]),
        frozenset(node for node, row in nodes if row[4]),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What is drawn of a map that is too large for one picture: `count` of its `all` nodes.

    With a chosen node `hanging` more hang on it than are drawn, and `needed` more are needed by it.
    """

    layers: Layers
    all: int
    count: int
    hanging: int = 0
    needed: int = 0
    left: Mapping[str, int] = field(default_factory=dict)  # by layer, how many are not drawn


def part_of(layers: Layers, net: Net, chosen: str, dearest: Iterable[str]) -> Part | None:
    """What to draw of a map of more than MOST_DRAWN nodes; None: all of it. `dearest` are keys of single points."""
    size = sum(len(nodes) for nodes in layers.rows.values())
    if size <= MOST_DRAWN:
        return None
    nodes = {key: node for node, (key, _name) in layers.names.items()}
    hanging = needed = 0
    if chosen in nodes:
        up, down = net.near(nodes[chosen])
        drawn = {nodes[chosen], *up[:HANGING], *down[:NEEDED]}
        hanging, needed = max(0, len(up) - HANGING), max(0, len(down) - NEEDED)
    else:
        flows = set(layers.rows["flow"][:FLOWS])
        first = dict.fromkeys(edge.needed for edge in net.edges if edge.needs in flows)
        drawn = {*flows, *list(first)[:FIRST], *(nodes[key] for key in list(dearest)[:DEAREST])}
    rows = {noun: [node for node in row if node in drawn] for noun, row in layers.rows.items()}
    left = {noun: len(row) - len(rows[noun]) for noun, row in layers.rows.items()}
    shown = Layers(rows, layers.names, layers.sketched, layers.sample)
    return Part(shown, size, size - sum(left.values()), hanging, needed, left)


def parts_named(layers: Layers, text: str, *, at_most: int = 20) -> list[tuple[str, str]]:
    """Keys and names of the nodes whose name has `text` in it, in any case of letters, by name. No statement."""
    wanted = text.strip().casefold()
    found = [one for one in layers.names.values() if wanted and wanted in one[1].casefold()]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))[:at_most]


def known_names() -> list[str]:
    """Names of parts to choose from while typing; of a very large map some of them. Two statements."""
    names = [*Component.objects.values_list("name", flat=True)[:MOST_NAMES]]
    return [*names, *Provider.objects.values_list("name", flat=True)[:MOST_NAMES]]


def map_picture(layers: Layers, net: Net, chosen: str, *, narrow: bool = False) -> Picture:
    """The map of these layers, with what fails with `chosen` ('component:payments') standing out.

    `narrow`: only that.
    """
    failed = next((node for node, (key, _name) in layers.names.items() if key == chosen), None)
    reached = {one.node: one.stopped for one in net.ripple(failed)} if failed else {}
    known = {node for nodes in layers.rows.values() for node in nodes}
    edges = [edge for edge in net.edges if edge.needs in known and edge.needed in known]
    rows = _near_what_pulls(layers.rows, edges)
    if narrow:
        rows = {noun: [node for node in nodes if node in reached or node == failed] for noun, nodes in rows.items()}
    most = A_ROW_NARROW if narrow else A_ROW
    boxes: dict[Node, Box] = {}
    placed: list[tuple[str, list[Box]]] = []
    widest = max((min(len(nodes), most) for nodes in rows.values()), default=1) or 1
    width, y = widest * (WIDTH + GAP) - GAP, 0
    for noun, nodes in rows.items():
        for row, ends in _rows(nodes, edges, most):
            left = (width - (len(row) * (WIDTH + GAP) - GAP)) // 2
            for place, node in enumerate(row):
                look = "root" if node == failed else "hit" if node in reached else "fade" if failed else ""
                key, name = layers.names[node]
                x = left + place * (WIDTH + GAP)
                boxes[node] = Box(node, key, name, x, y, look, node in layers.sketched, node in layers.sample)
            y += ROW if ends else HEIGHT + GAP
        placed.append((noun, [boxes[node] for node in nodes]))
    lines = [_line(boxes, edge) for edge in edges if edge.needs in boxes and edge.needed in boxes]
    stopped = frozenset(node for node, stops in reached.items() if stops)
    root = boxes[failed] if failed else None
    return Picture(list(boxes.values()), lines, width, max(HEIGHT, y - ROW + HEIGHT), root, stopped, placed)


def _rows(nodes: list[Node], edges: Collection[Edge], most: int) -> Iterator[tuple[list[Node], bool]]:
    """The rows of one layer: what is needed stands below what needs it; whether a row is the last of its depth."""
    depth = dict.fromkeys(nodes, 0)
    inside = [edge for edge in edges if edge.needs in depth and edge.needed in depth]
    for _step in range(MOST_DEPTH):  # in a circle nobody is lower for good: it ends here
        moved = False
        for edge in inside:
            if depth[edge.needed] <= depth[edge.needs] < MOST_DEPTH:
                depth[edge.needed], moved = depth[edge.needs] + 1, True
        if not moved:
            break
    for level in sorted(set(depth.values())):
        mine = [node for node in nodes if depth[node] == level]
        for start in range(0, len(mine), most):
            yield mine[start : start + most], start + most >= len(mine)


def _near_what_pulls(rows: Mapping[str, list[Node]], edges: Collection[Edge]) -> dict[str, list[Node]]:
    """Each layer ordered by the middle of what needs it (the barycentre), so that fewer lines cross."""
    above: dict[Node, list[Node]] = {}
    for edge in edges:
        above.setdefault(edge.needed, []).append(edge.needs)
    ordered = {noun: list(nodes) for noun, nodes in rows.items()}
    for _look in range(MOST_LOOKS):
        place = {node: number / max(1, len(nodes)) for nodes in ordered.values() for number, node in enumerate(nodes)}
        for noun in ("component", "provider"):
            pull = {
                node: sum(place.get(other, 0.5) for other in above[node]) / len(above[node]) if node in above else 1.0
                for node in ordered[noun]
            }
            ordered[noun].sort(key=lambda node: (pull[node], node))
    return ordered


def _line(boxes: Mapping[Node, Box], edge: Edge) -> Line:
    top, bottom = boxes[edge.needs], boxes[edge.needed]
    struck = top.look in ("hit", "root") and bottom.look in ("hit", "root")
    look = "hit" if struck else ("fade" if top.look == "fade" or bottom.look == "fade" else "")
    if not edge.hard:
        look = f"{look} soft-edge".strip()
    return Line(top.middle, top.y + HEIGHT, bottom.middle, bottom.y, look)
