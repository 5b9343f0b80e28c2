"""What a source says, as the door stores it."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Sequence
from typing import Any

import pytest

from firstcall.deliver.models.job import Job
from firstcall.detect.commands.alert import AlertBatch
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source
from firstcall.detect.rules.bundle import pack
from firstcall.detect.rules.repeat import Run

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)


def alert(name: str, *, job: str = "payments", status: str = "firing", severity: str = "critical") -> dict[str, Any]:
    labels = {"alertname": name, "job": job, "severity": severity}
    return {"status": status, "labels": labels, "annotations": {"summary": f"{name} on {job}"}, "fingerprint": name}


def send(
    source: Source, *alerts: dict[str, Any], body: bytes | None = None, unreadable: str = "", at: dt.datetime = NOW
) -> Inbox:
    text = body if body is not None else json.dumps({"version": "4", "alerts": list(alerts)}).encode()
    return Inbox.objects.create(
        source=source, kind=source.kind, received_at=at, body=zlib.compress(text), unreadable=unreadable
    )


def send_together(source: Source, *messages: list[dict[str, Any]]) -> Inbox:
    """As the door stores what came in one moment."""
    bodies = [json.dumps({"version": "4", "alerts": alerts}).encode() for alerts in messages]
    return Inbox.objects.create(source=source, kind=source.kind, received_at=NOW, body=pack(bodies), held=len(bodies))


def paging_jobs() -> list[str]:
    return list(Job.objects.filter(kind="reactions.group_paged").values_list("key", flat=True))


def poison(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """From now on an alert of this rule can't be folded."""
    fold = AlertBatch.fold

    def broken(self: AlertBatch, runs: Sequence[Run]) -> None:
        fold(self, runs)
        if any(run.signal.rule == rule for run in runs):
            raise ArithmeticError("a bug")

    monkeypatch.setattr(AlertBatch, "fold", broken)
