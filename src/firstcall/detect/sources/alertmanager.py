"""Prometheus Alertmanager's webhook, version 4.

Source of the format: Prometheus documentation, 'Alerting: configuration: webhook_config'. `endsAt` of an alert that
still fires is the year 1. The identity of an alert is its `fingerprint`, else its labels.
"""

from __future__ import annotations

import datetime as dt
import hashlib
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


class Body(msgspec.Struct):
    """The whole message."""

    alerts: Annotated[list[AlertIn], msgspec.Meta(min_length=1, max_length=5000)]
    status: str = ""
    version: str = "4"


_DECODER = msgspec.json.Decoder(Body)
STATES = {"firing": True, "resolved": False}


def decode(body: bytes) -> Body:
    """The message, checked. Raises Unreadable naming the field."""
    check_size(body)
    try:
        message = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise from_msgspec(error) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable("The body is not readable JSON.") from None
    for number, alert in enumerate(message.alerts):
        if (alert.status or message.status) not in STATES:
            raise Unreadable("The status is neither 'firing' nor 'resolved'.", f"alerts[{number}].status")
    return message


def signals(message: Body) -> list[Signal]:
    """One signal an alert."""
    return [_signal(alert, alert.status or message.status) for alert in message.alerts]


def _signal(alert: AlertIn, status: str) -> Signal:
    labels = {safe(name, most=100): safe(value, most=500) for name, value in alert.labels.items()}
    annotations = {safe(name, most=100): safe(value, most=2000) for name, value in alert.annotations.items()}
    words = next((annotations[name] for name in TITLES if annotations.get(name)), "")
    return Signal(
        dedup_key=safe(alert.fingerprint, most=255) or fingerprint(labels),
        firing=STATES[status],
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


def instant(text: str) -> dt.datetime | None:
    """RFC 3339 to an instant in UTC; None when it says nothing usable."""
    if not text or len(text) > 40:
        return None
    try:
        moment = msgspec.convert(text, dt.datetime)
        return moment.astimezone(dt.UTC) if moment.tzinfo and moment.year > 1970 else None
    except (msgspec.ValidationError, OverflowError, ValueError):
        return None
