"""A signal as every source gives it, whatever the tool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_LABELS = 64
HINTS = ("component", "service", "app", "job", "application")


@dataclass(frozen=True, slots=True)
class Signal:
    """`dedup_key` is the identity of what fires; `firing` False ends it. `started_at` in UTC, None when not said."""

    dedup_key: str
    firing: bool
    title: str
    severity: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    started_at: dt.datetime | None = None
    raw: str = ""

    @property
    def rule(self) -> str:
        """The name of the rule that fired, as the weekly review counts it: its title when it has no name."""
        return self.labels.get("alertname", "")[:250] or self.title


SEVERITIES = {
    "critical": "critical", "page": "critical", "emergency": "critical", "fatal": "critical", "disaster": "critical",
    "p1": "critical", "sev1": "critical", "error": "error", "major": "error", "high": "error", "p2": "error",
    "sev2": "error", "warning": "warning", "warn": "warning", "minor": "warning", "medium": "warning", "p3": "warning",
    "sev3": "warning", "average": "warning", "info": "info", "informational": "info", "low": "info", "notice": "info",
    "p4": "info", "p5": "info", "sev4": "info", "none": "none", "heartbeat": "none",
}  # fmt: skip


def severity_word(text: str) -> str:
    """One of critical, error, warning, info, none; what nobody said or nobody knows counts as 'error', not as none."""
    return SEVERITIES.get(text.strip().lower(), "error")


def safe(text: str, *, most: int) -> str:
    """Text that both databases can keep: no NUL, no lone surrogates, at most `most` characters."""
    if len(text) <= most and "\x00" not in text and text.isascii():
        return text
    clean = text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def component_hints(signal: Signal) -> list[str]:
    """Slugs the signal may be about, the most telling label first."""
    found = (signal.labels.get(name, "") for name in HINTS)
    return [text.strip().lower().replace("_", "-").replace(" ", "-") for text in found if text.strip()]
