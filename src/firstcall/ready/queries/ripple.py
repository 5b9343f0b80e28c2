"""The map, and what fails with a node."""

from __future__ import annotations

from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.ripple import Edge, Node, Reached, ripple

ORDER = {Criticality.CRITICAL: 0, Criticality.IMPORTANT: 1, Criticality.MINOR: 2}


def edges() -> list[Edge]:
    """Every edge of the map. One statement."""
    return [edge_of(row) for row in Dependency.objects.all()]


def edge_of(row: Dependency) -> Edge:
    """A row of the map as the rule reads it."""
    needs: Node = ("flow", row.flow_id) if row.flow_id else ("component", row.from_component_id or 0)
    needed: Node = ("component", row.component_id) if row.component_id else ("provider", row.provider_id or 0)
    return Edge(needs, needed, row.hard, row.fallback)


def reached_from(node: Node) -> list[Reached]:
    """What fails or suffers with this node. One statement."""
    return ripple(node, edges())


def flows_hit(*, component: Component | None = None, provider: Provider | None = None) -> list[Flow]:
    """The flows that need this component or provider, most critical first. Two statements."""
    if component is None and provider is None:
        return []
    node: Node = ("component", component.pk) if component is not None else ("provider", provider.pk if provider else 0)
    ids = [reached.node[1] for reached in reached_from(node) if reached.node[0] == "flow"]
    flows = Flow.objects.filter(pk__in=ids).select_related("owner", "technical_owner", "path")
    return sorted(flows, key=lambda flow: (ORDER[Criticality(flow.criticality)], -(flow.cost_per_hour or 0), flow.name))
