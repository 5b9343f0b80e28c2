"""The edges of the map."""

from __future__ import annotations

from firstcall.ready.models.dependency import Dependency
from firstcall.ready.rules.ripple import Edge, Node


def edges() -> list[Edge]:
    """Every edge of the map. One statement."""
    rows = Dependency.objects.values_list(
        "flow", "from_component", "component", "provider", "hard", "fallback"
    )  # plain values: a large map has thousands
    return [
        Edge(
            ("flow", flow) if flow else ("component", needs or 0),
            ("component", component) if component else ("provider", provider or 0),
            hard,
            fallback,
        )
        for flow, needs, component, provider, hard, fallback in rows
    ]


def edge_of(row: Dependency) -> Edge:
    """A row of the map as the rule reads it."""
    needs: Node = ("flow", row.flow_id) if row.flow_id else ("component", row.from_component_id or 0)
    needed: Node = ("component", row.component_id) if row.component_id else ("provider", row.provider_id or 0)
    return Edge(needs, needed, row.hard, row.fallback)
