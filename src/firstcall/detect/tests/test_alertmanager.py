"""What Alertmanager sends, read strictly; what it never sends, refused by the name of the field."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from firstcall.detect.rules.signal import Signal
from firstcall.detect.sources.alertmanager import decode, signals
from firstcall.detect.sources.unreadable import Unreadable

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
FIRING: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "PaymentsFail", "job": "payments", "severity": "critical"},
    "annotations": {"summary": "One in three card payments fails"},
    "startsAt": "2026-11-20T22:54:00.123456+01:00",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus:9090/graph?g0.expr=up",
    "fingerprint": "9f86d081884c7d65",
}


def message(*alerts: Any, **fields: Any) -> bytes:
    return json.dumps({"version": "4", "status": "firing", "alerts": list(alerts), **fields}).encode()


def read(body: bytes) -> list[Signal]:
    return signals(decode(body), at=NOW)


def test_a_firing_alert_becomes_a_signal() -> None:
    assert read(message(FIRING, receiver="firstcall", groupKey="{}:{}", truncatedAlerts=0)) == [
        Signal(
            dedup_key="9f86d081884c7d65",
            firing=True,
            title="One in three card payments fails",
            severity="critical",
            labels={"alertname": "PaymentsFail", "job": "payments", "severity": "critical"},
            annotations={"summary": "One in three card payments fails"},
            url="http://prometheus:9090/graph?g0.expr=up",
            started_at=dt.datetime(2026, 11, 20, 21, 54, 0, 123456, tzinfo=dt.UTC),
        )
    ]


def test_without_a_fingerprint_the_labels_are_the_identity_whatever_their_order() -> None:
    one = {"status": "firing", "labels": {"alertname": "A", "job": "b"}}
    other = {"status": "firing", "labels": {"job": "b", "alertname": "A"}}
    third = {"status": "firing", "labels": {"alertname": "A", "job": "c"}}
    keys = [signal.dedup_key for signal in read(message(one, other, third))]
    assert keys[0] == keys[1] != keys[2]


def test_each_alert_has_its_own_status_and_takes_the_message_s_when_it_has_none() -> None:
    without = {key: value for key, value in FIRING.items() if key != "status"}
    found = read(message(FIRING, {**FIRING, "status": "resolved"}, without, status="resolved"))
    assert [signal.firing for signal in found] == [True, False, False]


def test_without_words_the_name_of_the_rule_is_the_title() -> None:
    assert read(message({**FIRING, "annotations": {}}))[0].title == "PaymentsFail"
    assert read(message({**FIRING, "annotations": {}, "labels": {}}))[0].title == "An alert without a name"


@pytest.mark.parametrize(
    ("ends", "firing"),
    [
        ({}, True),
        ({"endsAt": "0001-01-01T00:00:00Z"}, True),
        ({"endsAt": "2026-11-20T21:56:00.001Z"}, True),
        ({"endsAt": "2026-11-20T21:56:00Z"}, False),
        ({"endsAt": "2026-11-20T21:00:00Z"}, False),
    ],
)
def test_the_list_of_its_api_tells_by_the_end_whether_it_fires(ends: dict[str, str], firing: bool) -> None:
    (signal,) = read(json.dumps([{"labels": {"alertname": "PaymentsFail"}, **ends}]).encode())
    assert (signal.title, signal.firing) == ("PaymentsFail", firing)


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-11-20"])
def test_a_start_that_says_nothing_usable_is_not_known(text: str) -> None:
    assert read(message({**FIRING, "startsAt": text}))[0].started_at is None


WRONG: list[tuple[bytes, str]] = [
    (b"", ""),
    (b"null", ""),
    (b"[]", ""),
    (b'[{"annotations": {}}]', "[0].labels"),
    (b' [{"labels": {}}, 3]', "[1]"),
    (b'"alert"', ""),
    (b"{}", "alerts"),
    (b"\xef\xbb\xbf{}", ""),
    (b'{"alerts": [', ""),
    (message() + b"x", "alerts"),
    (message(), "alerts"),
    (message(FIRING, alerts=None), "alerts"),
    (message(FIRING, alerts={}), "alerts"),
    (message(None), "alerts[0]"),
    (message(FIRING, 7), "alerts[1]"),
    (message(FIRING, status=3), "status"),
    (message(FIRING, version=4), "version"),
    (message({**FIRING, "status": "perhaps"}), "alerts[0].status"),
    (message({"labels": {}}, status=""), "alerts[0].status"),
    (message(FIRING, {"status": "firing"}), "alerts[1].labels"),
    (message({**FIRING, "labels": ["a"]}), "alerts[0].labels"),
    (message({**FIRING, "labels": {"a": 1}}), "alerts[0].labels[...]"),
    (message({**FIRING, "labels": {str(n): "x" for n in range(65)}}), "alerts[0].labels"),
    (message({**FIRING, "annotations": "x"}), "alerts[0].annotations"),
    (message({**FIRING, "annotations": {"a": None}}), "alerts[0].annotations[...]"),
    (message({**FIRING, "startsAt": 1}), "alerts[0].startsAt"),
    (message({**FIRING, "endsAt": []}), "alerts[0].endsAt"),
    (message({**FIRING, "generatorURL": {}}), "alerts[0].generatorURL"),
    (message({**FIRING, "fingerprint": True}), "alerts[0].fingerprint"),
    (message(*[FIRING] * 5001), "alerts"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_is_named(body: bytes, field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(body)
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")
