"""Prometheus Alertmanager: its webhook (version 4), and the list that its API `/api/v2/alerts` takes.

Sources of the formats: Prometheus documentation, 'Alerting: configuration: webhook_config'; Alertmanager's OpenAPI v2
description, `postableAlerts`. A webhook says 'firing' or 'resolved'. In the API's list an alert has no status: it is
resolved when its `endsAt` is past; `endsAt` left out or of the year 1 means that it fires. The identity of an alert is
its `fingerprint`, else its labels.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from typing import Annotated

import msgspec

from firstcall.detect.rules.signal import MOST_LABELS, Signal, safe, severity_word
from firstcall.detect.sources.unreadable import Unreadable, check_size, from_msgspec

Labels = Annotated[dict[str, str], msgspec.Meta(max_length=MOST_LABELS)]
TITLES = ("summary", "title", "message", "description")


class AlertIn(msgspec.Struct):
    """One alert as Alertmanager sends it; unknown fields are passed over."""

    labels: Labels
    status: str = ""
    annotations: Labels = {}
    startsAt: str = ""  # noqa: N815 (the sender's spelling)
    endsAt: str = ""  # noqa: N815
    generatorURL: str = ""  # noqa: N815
    fingerprint: str = ""


Alerts = Annotated[list[AlertIn], msgspec.Meta(min_length=1, max_length=5000)]


class Body(msgspec.Struct):
    """The webhook's whole message; for the API's list both statuses are empty."""

    alerts: Alerts
    status: str = ""
    version: str = "4"


_DECODER = msgspec.json.Decoder(Body)
_LIST = msgspec.json.Decoder(Alerts)
STATES = {"firing": True, "resolved": False}


def decode(body: bytes) -> Body:
    """The message, checked. Raises Unreadable naming the field."""
    check_size(body)
    try:
        if body[:64].lstrip()[:1] == b"[":
            return Body(_LIST.decode(body), version="api")
        message = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise from_msgspec(error) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable("The body is not readable JSON.") from None
    for number, alert in enumerate(message.alerts):
        if (alert.status or message.status) not in STATES:
            raise Unreadable("The status is neither 'firing' nor 'resolved'.", f"alerts[{number}].status")
    return message


def signals(message: Body, *, at: dt.datetime) -> list[Signal]:
    """One signal an alert. `at`: when it was received, which decides for a list whether an end is past."""
    if message.version == "api":
        return [_signal(alert, not _past(alert.endsAt, at)) for alert in message.alerts]
    return [_signal(alert, STATES[alert.status or message.status]) for alert in message.alerts]


def lasting(message: Body) -> bool:
    """Whether it says the same whenever it is received."""
    return message.version != "api" or all(instant(alert.endsAt) is None for alert in message.alerts)


def _past(text: str, at: dt.datetime) -> bool:
    end = instant(text)
    return end is not None and end <= at


def _signal(alert: AlertIn, firing: bool) -> Signal:
    labels = {safe(name, most=100): safe(value, most=500) for name, value in alert.labels.items()}
    annotations = {safe(name, most=100): safe(value, most=2000) for name, value in alert.annotations.items()}
    words = next((annotations[name] for name in TITLES if annotations.get(name)), "")
    return Signal(
        dedup_key=safe(alert.fingerprint, most=255) or fingerprint(labels),
        firing=firing,
        title=safe(words or labels.get("alertname", "An alert without a name"), most=250),
        severity=severity_word(labels.get("severity", "")),
        labels=labels,
        annotations=annotations,
        url=safe(alert.generatorURL, most=2000),
        started_at=instant(alert.startsAt),
    )


def fingerprint(labels: dict[str, str]) -> str:
    """An identity from the labels, whatever their order."""
    text = "\x1f".join(f"{name}\x1e{labels[name]}" for name in sorted(labels))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=4096)
def instant(text: str) -> dt.datetime | None:
    """RFC 3339 to an instant in UTC; None when it says nothing usable."""
    if not text or len(text) > 40:
        return None
    try:
        moment = msgspec.convert(text, dt.datetime)
        return moment.astimezone(dt.UTC) if moment.tzinfo and moment.year > 1970 else None
    except (msgspec.ValidationError, OverflowError, ValueError):
        return None
