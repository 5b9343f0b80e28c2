"""The map as the fold needs it: read once a batch, asked in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.change import peak_of
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.rules.change import in_peak as is_peak_hour


class Map:
    """Components by slug, and what each reaches. Four statements at most when first asked."""

    def __init__(self) -> None:
        self.components = {component.slug: component for component in Component.objects.all()}
        self._net = the_net()
        self._flows: list[Flow] = list(flows_by_criticality())
        self._reached: dict[int, tuple[Flow | None, frozenset[int]]] = {}

    def component(self, hints: Iterable[str]) -> Component | None:
        """The first of these slugs that the map knows."""
        return next((self.components[hint] for hint in hints if hint in self.components), None)

    def flow_of(self, component: Component) -> Flow | None:
        """The most critical flow that needs this component."""
        return self._of(component.pk)[0]

    def kin(self, component: Component) -> frozenset[int]:
        """Components that fail with this one: the children of a sick parent, and itself."""
        return self._of(component.pk)[1]

    def _of(self, component: int) -> tuple[Flow | None, frozenset[int]]:
        if component not in self._reached:
            reached = {item.node for item in self._net.ripple(("component", component))}
            flow = next((flow for flow in self._flows if ("flow", flow.pk) in reached), None)
            kin = frozenset({number for noun, number in reached if noun == "component"} | {component})
            self._reached[component] = (flow, kin)
        return self._reached[component]


def peak_now(flow: Flow, *, now: dt.datetime, zone: str) -> bool | None:
    """Whether this is a peak hour of the flow, by the organisation's clock; None while no peak is known."""
    peak = peak_of(flow)
    return None if peak is None else is_peak_hour(peak, at=now, zone=zone)


def in_peak(flow: Flow, *, now: dt.datetime, zone: str) -> bool:
    """Whether this is known to be a peak hour of the flow."""
    return peak_now(flow, now=now, zone=zone) is True
