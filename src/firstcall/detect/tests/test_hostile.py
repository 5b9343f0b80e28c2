"""Bodies made to break a reader: each is read or refused within 100 ms of a core, and what was read can be stored."""

from __future__ import annotations

import datetime as dt
import json
import time
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.detect.rules.signal import MOST_LABELS, component_hints
from firstcall.detect.sources import alertmanager, generic
from firstcall.detect.sources.unreadable import Unreadable

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
SOURCES = [alertmanager, generic]
DIGITS = b"9" * 100_000
DEEP = 10_000


def both(fields: bytes) -> bytes:
    """A body that either source would read, were it not for `fields`."""
    return b'{"title": "x", "labels": {%s}, "alerts": [{"status": "firing", "labels": {%s}}], "other": 1}' % (
        fields,
        fields,
    )


def beside(value: bytes) -> bytes:
    """A good body with a hostile value in a field that nobody knows."""
    return b'{"other": %s, "title": "x", "alerts": [{"status": "firing", "labels": {"alertname": "x"}}]}' % value


def read(source: ModuleType, body: bytes) -> list[Any] | Unreadable:
    """The signals, or the refusal; checked to be storable and quick."""
    began = time.thread_time()
    try:
        found: list[Any] | Unreadable = source.signals(source.decode(body), at=NOW)
    except Unreadable as refused:
        found = refused
    assert time.thread_time() - began < 0.1
    if isinstance(found, Unreadable):
        assert found.sentence.encode()
        return found
    for signal in found:
        assert 1 <= len(signal.dedup_key) <= 255
        assert 1 <= len(signal.title) <= 250
        assert len(signal.labels) <= MOST_LABELS + 1
        kept = [signal.dedup_key, signal.title, signal.url, *signal.labels.items(), *signal.annotations.items()]
        text = json.dumps(kept, ensure_ascii=False)
        assert text.encode() and "\\u0000" not in text
        component_hints(signal)
    return found


REFUSED = {
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep and cut off": b"[" * 500_000,
    "deep objects": b'{"alerts": ' * DEEP + b"1" + b"}" * DEEP,
    "deep in an unknown field": beside(b"[" * DEEP + b"]" * DEEP),
    "deep in a label": both(b'"a": ' + b"[" * DEEP + b"]" * DEEP),
    "a number of a hundred thousand digits": both(b'"a": ' + DIGITS),
    "a fraction of a hundred thousand digits": both(b'"a": 0.' + DIGITS + b"e999999"),
    "not a number": both(b'"a": NaN'),
    "no end": both(b'"a": Infinity'),
    "a lone surrogate": both(b'"a": "\\ud800"'),
    "surrogates the wrong way round": both(b'"a": "\\udc00\\ud800"'),
    "a lone surrogate as a name": both(b'"\\ud800": "a"'),
    "a surrogate in bytes": both(b'"a": "\xed\xa0\x80"'),
    "broken UTF-8": both(b'"a": "\xff\xfe"'),
    "a NUL in bytes": both(b'"a": "\x00"'),
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "only NULs": b"\x00" * 1_000_000,
    "only spaces": b" " * 1_000_000,
    "a million commas": b"[" + b"," * 1_000_000 + b"]",
    "half a million empty objects": b"[" + b"{}," * 300_000 + b"{}]",
}

READ = {
    "a huge number in an unknown field": beside(DIGITS),
    "a NUL in words": both(b'"a": "x\\u0000y"'),
    "a huge value": both(b'"a": "' + b"x" * 900_000 + b'"'),
    "a huge name": both(b'"' + b"x" * 900_000 + b'": "a"'),
    "the same label twice": both(b'"a": "first", "a": "second"'),
    "writing from right to left": both('"a": "\u202e\u2066x"'.encode()),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_body_is_refused(source: ModuleType, name: str) -> None:
    assert isinstance(read(source, REFUSED[name]), Unreadable)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", READ)
def test_an_odd_body_is_read(source: ModuleType, name: str) -> None:
    found = read(source, READ[name])
    assert isinstance(found, list) and len(found) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_of_a_label_said_twice_the_last_counts(source: ModuleType) -> None:
    found = read(source, READ["the same label twice"])
    assert isinstance(found, list) and found[0].labels["a"] == "second"


words = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
labels = st.dictionaries(words, words, max_size=4) | values
names = ("status", "severity", "title", "summary", "fingerprint", "dedup_key", "startsAt", "started_at", "url")
fields = dict.fromkeys(names, words | values)
alerts = st.fixed_dictionaries({}, optional={**fields, "labels": labels, "annotations": labels})
bodies = st.fixed_dictionaries(
    {}, optional={**fields, "labels": labels, "alerts": st.lists(alerts, max_size=3) | values}
)


@given(bodies | st.lists(alerts, max_size=3) | values)
def test_any_json_is_read_or_refused(body: Any) -> None:
    for source in SOURCES:
        read(source, json.dumps(body).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for source in SOURCES:
        read(source, body)
