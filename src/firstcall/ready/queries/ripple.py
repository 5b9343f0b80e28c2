"""The map in memory."""

from __future__ import annotations

from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.map_stamp import MapStamp
from firstcall.ready.rules.ripple import Edge, Net

_kept: tuple[str | None, Net] = (None, Net(()))


def the_net() -> Net:
    """The map as it is now. One statement while it stays as it is, two after it changed.

    Each process keeps the last one it made, by the map's stamp. The stamp is read before the edges: whoever changes the
    map in between makes the next reader look again, and never leaves anybody with the old one.
    """
    global _kept
    stamp = MapStamp.objects.values_list("stamp", flat=True).first()
    known, net = _kept
    if stamp is None or stamp != known:
        net = Net(_edges())
        _kept = (stamp, net)
    return net


def _edges() -> list[Edge]:
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
