"""Instatus `/summary.json`.

Source: https://instatus.com/help/status-page/widgets-and-api (public JSON of a status page).
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

OVERALL = {
    "UP": WELL, "HASISSUES": DEGRADED, "ALLDEGRADEDPERFORMANCE": DEGRADED, "ALLMINOROUTAGE": DEGRADED,
    "ALLPARTIALOUTAGE": DEGRADED, "ALLMAJOROUTAGE": DOWN, "SOMEUNDERMAINTENANCE": MAINTENANCE,
    "UNDERMAINTENANCE": MAINTENANCE, "ALLUNDERMAINTENANCE": MAINTENANCE,
}  # fmt: skip


class Page(msgspec.Struct):
    status: str


class Told(msgspec.Struct):
    name: str
    status: str = ""
    impact: str = ""
    id: str = ""
    url: str = ""
    started: str = ""
    start: str = ""


class Summary(msgspec.Struct, rename="camel"):
    page: Page
    active_incidents: Annotated[list[Told], msgspec.Meta(max_length=500)] = []
    active_maintenances: Annotated[list[Told], msgspec.Meta(max_length=500)] = []


def read(data: object) -> Reading:
    """From the decoded JSON. Raises msgspec.ValidationError where the shape is another."""
    found = msgspec.convert(data, Summary)
    entries = [_entry(one, planned=False) for one in found.active_incidents]
    entries += [_entry(one, planned=True) for one in found.active_maintenances]
    return Reading("instatus", tuple(entries), {}, OVERALL.get(found.page.status.upper(), UNKNOWN))


def _entry(one: Told, *, planned: bool) -> Entry:
    word = {"INPROGRESS": "in progress", "NOTSTARTEDYET": "scheduled"}.get(one.status.upper(), one.status)
    state, is_open = entry_state(word)
    if is_open and planned:
        state = MAINTENANCE
    elif is_open and one.impact.upper() == "MAJOROUTAGE":
        state = DOWN
    key = one.id or one.url or f"{one.name} {one.started or one.start}"
    return Entry(
        safe(key, most=300), safe(one.name, most=250), state, is_open, _instant(one.started or one.start),
        safe(one.url, most=500), text=one.status,
    )  # fmt: skip


def _instant(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC) if at.tzinfo else None
