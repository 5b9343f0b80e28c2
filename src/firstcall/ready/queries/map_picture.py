"""The map as a picture: places for nodes and lines, in three layers. Drawn by the template as SVG."""

from __future__ import annotations

from dataclasses import dataclass, field

from firstcall.ready.models.component import Component
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.ripple import edges
from firstcall.ready.rules.ripple import Edge, Node, ripple

WIDTH, HEIGHT, GAP, ROW = 148, 44, 16, 108
MOST_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place; `look` is root, hit, fade or empty."""

    node: Node
    key: str
    name: str
    x: int
    y: int
    look: str

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
    """Boxes and lines in a field of `width` by `height` units; `rows` is the same as a table."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    failed: Box | None
    flows_hit: frozenset[int]
    stopped: frozenset[Node] = frozenset()
    layers: list[tuple[str, list[Box]]] = field(default_factory=list)


def map_picture(chosen: str) -> Picture:
    """The whole map, with what fails with `chosen` ('component:payments') standing out. Four statements."""
    layers: list[tuple[str, list[tuple[Node, str, str]]]] = [
        ("flow", [(("flow", row.pk), f"flow:{row.slug}", row.name) for row in flows_by_criticality()]),
        ("component", [(("component", row.pk), f"component:{row.slug}", row.name) for row in Component.objects.all()]),
        ("provider", [(("provider", row.pk), f"provider:{row.slug}", row.name) for row in Provider.objects.all()]),
    ]
    all_edges = edges()
    failed = next((node for _, rows in layers for node, key, _ in rows if key == chosen), None)
    reached = {item.node: item for item in ripple(failed, all_edges)} if failed else {}
    boxes: dict[Node, Box] = {}
    placed: list[tuple[str, list[Box]]] = []
    widest = max((min(len(rows), MOST_A_ROW) for _, rows in layers), default=1) or 1
    width, y = widest * (WIDTH + GAP) - GAP, 0
    for layer, rows in layers:
        mine = []
        for start in range(0, len(rows), MOST_A_ROW):
            part = rows[start : start + MOST_A_ROW]
            left = (width - (len(part) * (WIDTH + GAP) - GAP)) // 2
            for place, (node, key, name) in enumerate(part):
                look = "root" if node == failed else "hit" if node in reached else "fade" if failed else ""
                boxes[node] = Box(node, key, name, left + place * (WIDTH + GAP), y, look)
                mine.append(boxes[node])
            y += HEIGHT + GAP if start + MOST_A_ROW < len(rows) else ROW
        placed.append((layer, mine))
    stopped = frozenset(node for node, item in reached.items() if item.stopped)
    flows = frozenset(number for noun, number in reached if noun == "flow")
    lines = [_line(boxes, edge) for edge in all_edges]
    root = boxes[failed] if failed else None
    return Picture(list(boxes.values()), lines, width, max(HEIGHT, y - ROW + HEIGHT), root, flows, stopped, placed)


def _line(boxes: dict[Node, Box], edge: Edge) -> Line:
    top, bottom = boxes[edge.needs], boxes[edge.needed]
    struck = top.look in ("hit", "root") and bottom.look in ("hit", "root")
    look = "hit" if struck else ("fade" if top.look == "fade" or bottom.look == "fade" else "")
    if not edge.hard:
        look = f"{look} soft-edge".strip()
    return Line(top.middle, top.y + HEIGHT, bottom.middle, bottom.y, look)
