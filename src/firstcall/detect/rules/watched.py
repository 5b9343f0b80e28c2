"""Which flows an alert would tell of: only of those may it be said that they are well while nothing fires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firstcall.ready.rules.ripple import Net

HEARD = dt.timedelta(days=7)  # a source that said nothing for longer proves nothing
NAMED = dt.timedelta(days=90)  # a part that no alert named for longer may have lost its rule


@dataclass(frozen=True, slots=True)
class Voice:
    """A source that has not ended: what it is about (a component's id, or None), and when it last spoke."""

    source: int
    component: int | None
    heard_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """The newest alert that named a component: of which source, since when, and whether it still fires."""

    component: int
    source: int
    first_at: dt.datetime
    firing: bool


def heard_parts(voices: Iterable[Voice], named: Iterable[Named], *, now: dt.datetime) -> dict[int, dt.datetime]:
    """Components of which a living source tells, by id, each with when that source last spoke (UTC).

    A source tells of the part it is about, and of each part it named within 90 days; it lives if it spoke within seven.
    """
    alive = {one.source: one.heard_at for one in voices if one.heard_at is not None and one.heard_at > now - HEARD}
    found: dict[int, dt.datetime] = {}
    told = [(one.component, one.source) for one in voices if one.component is not None]
    told += [(one.component, one.source) for one in named if one.firing or one.first_at > now - NAMED]
    for component, source in told:
        at = alive.get(source)
        if at is not None and at > found.get(component, now - HEARD):
            found[component] = at
    return found


def heard_flows(parts: Mapping[int, dt.datetime], net: Net) -> dict[int, dt.datetime]:
    """Flows that need one of these parts, by id, each with the latest word of any of them (UTC).

    Past a fallback that takes over by itself nothing is told: the part may be ill and the flow well. Each edge is
    walked once.
    """
    at: dict[int, dt.datetime] = {}  # by the node's place
    for component, heard in sorted(parts.items(), key=lambda one: one[1], reverse=True):
        start = net.places.get(("component", component))
        waiting = [] if start is None else [start]
        while waiting:
            place = waiting.pop()
            if place not in at:  # who is reached first is reached by the latest word
                at[place] = heard
                waiting += net.up[place]
    reached = ((net.nodes[place], heard) for place, heard in at.items())
    return {number: heard for (noun, number), heard in reached if noun == "flow"}
