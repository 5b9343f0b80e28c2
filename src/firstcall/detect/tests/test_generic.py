"""Our own plain form: few fields needed, many spellings known, wrong types refused by name."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from firstcall.detect.rules.signal import Signal
from firstcall.detect.sources.generic import decode, signals
from firstcall.detect.sources.unreadable import Unreadable

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)


def read(*items: dict[str, Any]) -> list[Signal]:
    return signals(decode(json.dumps(items[0] if len(items) == 1 else items).encode()), at=NOW)


def test_a_title_is_enough() -> None:
    (signal,) = read({"title": " Payments fail "})
    assert (signal.title, signal.firing, signal.severity, signal.labels) == ("Payments fail", True, "error", {})
    assert signal.dedup_key == read({"title": "Payments fail"})[0].dedup_key
    assert signal.dedup_key != read({"title": "Payments are slow"})[0].dedup_key


def test_everything_said_is_kept() -> None:
    (signal,) = read(
        {
            "title": "Payments fail",
            "description": "One in three",
            "status": "Firing",
            "severity": "P1",
            "dedup_key": "payments",
            "url": "https://monitor.example.com/7",
            "component": "payments",
            "started_at": "2026-11-20T21:54:00Z",
            "labels": {"region": "north", "shard": 3, "share": 0.5, "paid": True, "note": None},
            "nobody": "knows this field",
        }
    )
    assert signal == Signal(
        dedup_key="payments",
        firing=True,
        title="Payments fail",
        severity="critical",
        labels={
            "region": "north", "shard": "3", "share": "0.5", "paid": "True", "note": "None", "component": "payments",
        },
        annotations={"description": "One in three"},
        url="https://monitor.example.com/7",
        started_at=dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["dedup_key", "deduplication_key", "fingerprint", "alias"])
def test_the_identity_has_many_names(name: str) -> None:
    assert read({"title": "Payments fail", name: "payments"})[0].dedup_key == "payments"


@pytest.mark.parametrize("name", ["title", "summary", "message"])
def test_the_title_has_many_names(name: str) -> None:
    assert read({name: "Payments fail"})[0].title == "Payments fail"


@pytest.mark.parametrize(
    ("status", "firing"),
    [("firing", True), ("triggered", True), ("ALERTING", True), ("resolved", False), ("ok", False), ("closed", False)],
)
def test_the_status_has_many_words(status: str, firing: bool) -> None:
    assert read({"title": "Payments fail", "status": status})[0].firing is firing


def test_a_list_is_read_in_order() -> None:
    assert [signal.title for signal in read({"title": "one"}, {"title": "two"})] == ["one", "two"]


WRONG: list[tuple[bytes, str]] = [
    (b"", ""),
    (b"null", ""),
    (b"[]", ""),
    (b"3", ""),
    (b"{}", "title"),
    (b'{"title": "x"} {"title": "y"}', ""),
    (b'{"title": ""}', "title"),
    (b'{"title": "  "}', "title"),
    (b'[{"title": "x"}, {}]', "[1].title"),
    (b'[{"title": "x"}, 3]', "[1]"),
    (b'{"title": "x", "status": "perhaps"}', "status"),
    (b'[{"title": "x", "status": "perhaps"}]', "[0].status"),
    (b'{"title": "x", "labels": {"a": []}}', "labels[...]"),
    (b'{"title": "x", "labels": {"a": 1e999}}', "labels[...]"),
    (b'{"title": "x", "labels": []}', "labels"),
    *(
        (json.dumps({"title": "x", name: 7}).encode(), name)
        for name in (
            "title", "summary", "message", "description", "status", "severity", "dedup_key", "deduplication_key",
            "fingerprint", "alias", "url", "component", "started_at", "labels",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_is_named(body: bytes, field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(body)
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")
