"""Google Cloud `incidents.json` and the current public events of AWS.

Sources: https://status.cloud.google.com/incidents.schema.json and
https://health.aws.amazon.com/public/currentevents (a list, in UTF-16; `status` 0 over, 1 told, 2 degraded, 3 down).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec

from firstcall.detect.rules.provider_status import DEGRADED, DOWN, WELL, Entry, Reading
from firstcall.detect.rules.signal import safe

IMPACTS = {"SERVICE_OUTAGE": DOWN, "SERVICE_DISRUPTION": DEGRADED, "SERVICE_INFORMATION": DEGRADED}
LEVELS = {"0": WELL, "1": DEGRADED, "2": DEGRADED, "3": DOWN}


class Product(msgspec.Struct):
    title: str = ""


class GoogleUpdate(msgspec.Struct):
    text: str = ""
    status: str = ""


class GoogleIncident(msgspec.Struct):
    id: str
    external_desc: str
    begin: dt.datetime | None = None
    end: dt.datetime | None = None
    status_impact: str = ""
    uri: str = ""
    affected_products: Annotated[list[Product], msgspec.Meta(max_length=500)] = []
    most_recent_update: GoogleUpdate | None = None


class AwsWord(msgspec.Struct):
    message: str | None = ""
    summary: str | None = ""


class AwsEvent(msgspec.Struct):
    date: str | int
    service: str
    summary: str = ""
    status: str | int = ""
    service_name: str = ""
    region_name: str = ""
    event_log: Annotated[list[AwsWord], msgspec.Meta(max_length=2000)] = []


def read_google(data: object) -> Reading:
    """All incidents; one without an end is open. Raises msgspec.ValidationError."""
    return Reading("google_cloud", tuple(_google(one) for one in msgspec.convert(data, list[GoogleIncident])), {})


def read_aws(data: object) -> Reading:
    """What is going on now; an empty list is an answer. Raises msgspec.ValidationError."""
    return Reading("aws", tuple(_aws(one) for one in msgspec.convert(data, list[AwsEvent])), {}, WELL)


def _google(one: GoogleIncident) -> Entry:
    state = WELL if one.end is not None else IMPACTS.get(one.status_impact, DEGRADED)
    text = one.most_recent_update.text if one.most_recent_update else ""
    return Entry(
        key=safe(one.id, most=300), title=safe(" ".join(one.external_desc.split()), most=250), state=state,
        open=one.end is None, at=one.begin.astimezone(dt.UTC) if one.begin and one.begin.tzinfo else None,
        url=f"https://status.cloud.google.com/{safe(one.uri, most=300)}" if one.uri else "",
        parts=tuple(safe(product.title, most=120) for product in one.affected_products), text=text,
    )  # fmt: skip


def _aws(one: AwsEvent) -> Entry:
    over = str(one.status) == "0" or one.summary.upper().startswith("[RESOLVED]")
    state = WELL if over else LEVELS.get(str(one.status), DEGRADED)
    where = f" ({one.region_name})" if one.region_name else ""
    try:
        at = dt.datetime.fromtimestamp(int(one.date), dt.UTC)
    except (ValueError, OverflowError, OSError):
        at = None
    return Entry(
        key=safe(f"{one.service}:{one.date}", most=300),
        title=safe(f"{one.service_name or one.service}{where}: {one.summary}", most=250), state=state, open=not over,
        at=at, parts=tuple(safe(part, most=120) for part in (one.service_name, one.region_name) if part),
        text="\n".join(f"{word.summary} {word.message}" for word in one.event_log),
    )  # fmt: skip
