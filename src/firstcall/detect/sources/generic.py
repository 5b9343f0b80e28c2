"""Our own plain form, for any tool that can send JSON: one object, or a list of them.

Takes the names the field uses for the same thing: dedup_key, deduplication_key, fingerprint or alias; title, summary or
message; status firing or resolved; severity; url; labels; started_at (RFC 3339). Only a title is needed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Any

import msgspec

from firstcall.detect.rules.signal import MOST_LABELS, Signal, safe, severity_word
from firstcall.detect.sources.alertmanager import instant
from firstcall.detect.sources.unreadable import Unreadable, check_size, from_msgspec

Scalar = str | int | float | bool | None
Text = str


class Item(msgspec.Struct):
    """One signal; every field may be missing, but not all titles at once."""

    title: Text = ""
    summary: Text = ""
    message: Text = ""
    description: Text = ""
    status: Text = "firing"
    severity: Text = ""
    dedup_key: Text = ""
    deduplication_key: Text = ""
    fingerprint: Text = ""
    alias: Text = ""
    url: Text = ""
    component: Text = ""
    started_at: Text = ""
    labels: Annotated[dict[str, Scalar], msgspec.Meta(max_length=MOST_LABELS)] = {}


_DECODER = msgspec.json.Decoder(Item | Annotated[list[Item], msgspec.Meta(min_length=1, max_length=5000)])
STATES = {
    "firing": True, "trigger": True, "triggered": True, "alerting": True, "open": True, "problem": True,
    "resolved": False, "resolve": False, "ok": False, "closed": False, "recovered": False,
}  # fmt: skip


def decode(body: bytes) -> list[Item]:
    """The signals, checked. Raises Unreadable naming the field."""
    check_size(body)
    try:
        found: Any = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise from_msgspec(error) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable("The body is not readable JSON.") from None
    items: list[Item] = found if isinstance(found, list) else [found]
    for number, item in enumerate(items):
        place = f"[{number}]." if isinstance(found, list) else ""
        if not (item.title or item.summary or item.message).strip():
            raise Unreadable("A title is missing: say in 'title' what is wrong.", f"{place}title")
        if item.status.strip().lower() not in STATES:
            raise Unreadable("The status is neither 'firing' nor 'resolved'.", f"{place}status")
    return items


def signals(items: list[Item], *, at: dt.datetime) -> list[Signal]:  # noqa: ARG001 - one shape for every source
    """One signal an item. `at`: when it was received."""
    return [_signal(item) for item in items]


def lasting(items: list[Item]) -> bool:  # noqa: ARG001 - one shape for every source
    """Whether it says the same whenever it is received: always."""
    return True


def _signal(item: Item) -> Signal:
    labels = {safe(name, most=100): safe(str(value), most=500) for name, value in item.labels.items()}
    if item.component:
        labels["component"] = safe(item.component, most=500)
    title = safe((item.title or item.summary or item.message).strip(), most=250)
    key = item.dedup_key or item.deduplication_key or item.fingerprint or item.alias
    return Signal(
        dedup_key=safe(key, most=255) or hashlib.blake2b(title.encode(), digest_size=16).hexdigest(),
        firing=STATES[item.status.strip().lower()],
        title=title,
        severity=severity_word(item.severity),
        labels=labels,
        annotations={"description": safe(item.description, most=2000)} if item.description else {},
        url=safe(item.url, most=2000),
        started_at=instant(item.started_at),
    )
