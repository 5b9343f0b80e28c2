"""What a provider's own word amounts to: never green for lack of an answer, each thing told once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.detect.rules.provider_status import (
    TOO_OLD,
    Entry,
    Reading,
    decide_state,
    entry_state,
    news_of,
    next_look,
    shown_state,
)

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def entry(key: str = "a", state: str = "degraded", *, lasts: bool = True, **more: object) -> Entry:
    return Entry(key, f"Title {key}", state, lasts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Investigating", ("degraded", True)), ("monitoring", ("degraded", True)), ("Resolved", ("well", False)),
     ("in_progress", ("maintenance", True)), ("Scheduled", ("well", False)), ("Completed", ("well", False)),
     ("Postmortem", ("well", False)), ("Schlimm", ("unknown", True))],
)  # fmt: skip
def test_the_last_word_of_an_incident(word: str, expected: tuple[str, bool]) -> None:
    assert entry_state(word) == expected


@pytest.mark.parametrize(
    ("reading", "ours", "expected"),
    [
        (Reading("statuspage", (), {"API": "well"}, "well"), (), "well"),
        (Reading("statuspage", (), {"API": "down", "Web": "well"}, "degraded"), ("Web",), "well"),
        (Reading("statuspage", (), {"API": "down", "Web": "well"}, "degraded"), ("api", "Web"), "down"),
        (Reading("statuspage", (), {"API": "well"}, "well"), ("Payments",), "unknown"),
        (Reading("statuspage", (), {"API": "well", "Pay": "down"}, "degraded"), ("Pay", "Gone"), "down"),
        (Reading("statuspage", (entry(parts=("Web",)),), {"API": "well", "Web": "well"}, "well"), ("API",), "well"),
        (Reading("statuspage", (entry(parts=("Web",)),), {"API": "well", "Web": "well"}, "well"), ("Web",), "degraded"),
        (Reading("statuspage", (entry(),), {}, "down"), (), "down"),
        (Reading("statuspage", (), {}, "unknown"), (), "unknown"),
        (Reading("atom", (entry(lasts=False, state="well"),), {}), (), "well"),
        (Reading("atom", (), {}), (), "unknown"),
        (Reading("rss", (entry(state="unknown", at=NOW),), {}), (), "unknown"),
        (Reading("rss", (entry(state="unknown", at=NOW - 2 * DAY),), {}), (), "well"),
        (Reading("rss", (entry(state="unknown"),), {}), (), "unknown"),
        (Reading("atom", (entry("a", "maintenance"), entry("b", "down")), {}), (), "down"),
    ],
)
def test_how_a_provider_is_for_us(reading: Reading, ours: tuple[str, ...], expected: str) -> None:
    assert decide_state(reading, ours=ours, now=NOW).state == expected


def test_the_reason_names_what_it_says() -> None:
    verdict = decide_state(Reading("atom", (entry("x", "down"),), {}), ours=(), now=NOW)
    assert (verdict.why.text, verdict.why.facts) == ("It says: {title}", {"title": "Title x"})


def test_each_thing_is_news_once() -> None:
    first, second = entry("a"), entry("b")
    assert news_of({}, [first, second, first]) == ((first, second), ())
    known = {one.key: one.digest for one in (first, second)}
    assert news_of(known, [first, second]) == ((), ())
    later = entry("b", "well", lasts=False)
    assert news_of(known, [first, later]) == ((), (later,))
    assert news_of(known | {"b": later.digest}, [first, later]) == ((), ())


@pytest.mark.parametrize(
    ("age", "expected"), [(dt.timedelta(0), "well"), (TOO_OLD, "well"), (TOO_OLD + dt.timedelta(seconds=1), "unknown")]
)
def test_an_answer_that_is_too_old_is_never_green(age: dt.timedelta, expected: str) -> None:
    assert shown_state("well", read_at=NOW - age, now=NOW) == expected
    assert shown_state("well", read_at=None, now=NOW) == "unknown"


@given(st.integers(0, 10**9), st.sampled_from(["well", "degraded", "down", "unknown"]), st.integers(0, 500))
def test_the_next_look_is_soon_but_patient(number: int, state: str, failures: int) -> None:
    wait = next_look(number=number, state=state, failures=failures, now=NOW) - NOW
    assert dt.timedelta(minutes=1) <= wait <= dt.timedelta(minutes=36)
    assert wait == next_look(number=number, state=state, failures=failures, now=NOW) - NOW
    more = next_look(number=number, state=state, failures=failures + 1, now=NOW) - NOW
    assert failures == 0 or more >= wait


def test_a_provider_that_asks_to_wait_is_heeded_up_to_a_day() -> None:
    for asked, least in ((dt.timedelta(hours=2), dt.timedelta(hours=2)), (dt.timedelta(days=90), DAY)):
        assert next_look(number=1, state="well", failures=1, now=NOW, asked_to_wait=asked) == NOW + least
