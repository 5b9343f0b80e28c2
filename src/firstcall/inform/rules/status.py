"""What a status page says, from what was said publicly, and how sure that still is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WORST = {1: "major_outage", 2: "partial_outage", 3: "degraded_performance", 4: "operational"}
RANK = ("operational", "degraded_performance", "partial_outage", "major_outage")
INDICATOR = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
OPEN_EVERY = dt.timedelta(minutes=1)
CALM_EVERY = dt.timedelta(minutes=5)
OVER = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Said:
    """The last public word of an incident: its state and severity as said, and the flow it is about."""

    state: str
    severity: int
    flow: int | None


def component_status(flow: int | None, said: Sequence[Said]) -> str:
    """A component's status in Statuspage's words; green only while nothing open was said about its flow."""
    worst = "operational"
    for word in said:
        if word.state in OVER or (word.flow is not None and word.flow != flow):
            continue
        status = WORST[word.severity]
        if word.state == "monitoring":
            status = min(status, "degraded_performance", key=RANK.index)
        worst = max(worst, status, key=RANK.index)
    return worst


def confirm_due(*, confirmed_at: dt.datetime | None, open_: bool, now: dt.datetime) -> bool:
    """Whether 'last confirmed' must be written again: each minute while something is open, else every five."""
    return confirmed_at is None or now - confirmed_at >= (OPEN_EVERY if open_ else CALM_EVERY)
