"""Statuspage `summary.json` and `incidents.json`, and whoever speaks the same.

Source: https://metastatuspage.com/api (the public status API, v2) and answers of www.githubstatus.com.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec

from firstcall.detect.rules.provider_status import (
    DEGRADED,
    DOWN,
    MAINTENANCE,
    UNKNOWN,
    WELL,
    Entry,
    Reading,
    entry_state,
)
from firstcall.detect.rules.signal import safe

PARTS = {
    "operational": WELL, "degraded_performance": DEGRADED, "partial_outage": DEGRADED, "major_outage": DOWN,
    "under_maintenance": MAINTENANCE,
}  # fmt: skip
OVERALL = {"none": WELL, "minor": DEGRADED, "major": DEGRADED, "critical": DOWN, "maintenance": MAINTENANCE}
MOST = 2000


class Part(msgspec.Struct):
    name: str
    status: str = ""
    group: bool | None = False


class Update(msgspec.Struct):
    status: str = ""
    body: str | None = ""
    created_at: dt.datetime | None = None


class Incident(msgspec.Struct):
    id: str
    name: str
    status: str
    impact: str | None = ""
    shortlink: str | None = ""
    started_at: dt.datetime | None = None
    created_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    incident_updates: Annotated[list[Update], msgspec.Meta(max_length=MOST)] = []
    components: Annotated[list[Part], msgspec.Meta(max_length=MOST)] | None = None

    @property
    def began(self) -> dt.datetime | None:
        return self.started_at or self.created_at


class Overall(msgspec.Struct):
    indicator: str = ""


class Summary(msgspec.Struct):
    status: Overall | None = None
    components: Annotated[list[Part], msgspec.Meta(max_length=MOST)] = []
    incidents: Annotated[list[Incident], msgspec.Meta(max_length=MOST)] = []
    scheduled_maintenances: Annotated[list[Incident], msgspec.Meta(max_length=MOST)] = []


def read(data: object) -> Reading:
    """From the decoded JSON. Raises msgspec.ValidationError where the shape is another."""
    found = msgspec.convert(data, Summary)
    entries = [_entry(one) for one in (*found.incidents, *found.scheduled_maintenances)]
    parts: dict[str, str] = {}
    for part in found.components:
        if not part.group:
            parts[safe(part.name, most=120)] = PARTS.get(part.status, UNKNOWN)
    overall = OVERALL.get(found.status.indicator, UNKNOWN) if found.status is not None else None
    return Reading("statuspage", tuple(entries), parts, overall)


def _entry(one: Incident) -> Entry:
    state, is_open = entry_state(one.status)
    if is_open and state == DEGRADED:
        state = DOWN if one.impact == "critical" else DEGRADED
    return Entry(
        key=safe(one.id, most=300),
        title=safe(one.name, most=250),
        state=state,
        open=is_open,
        at=one.began.astimezone(dt.UTC) if one.began and one.began.tzinfo else None,
        url=safe(one.shortlink or "", most=500),
        parts=tuple(safe(part.name, most=120) for part in one.components or []),
        text="\n".join(f"{update.status}: {update.body}" for update in one.incident_updates),
    )
