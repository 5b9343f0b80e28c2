"""Whether a severity pages now, in the morning, or nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from firstcall.kernel.say import plain
from firstcall.ready.rules.severity import DEFAULTS
from firstcall.ready.rules.waking import decide_waking

BERLIN = ZoneInfo("Europe/Berlin")
SEV1, SEV2, SEV3, SEV4 = DEFAULTS
NIGHT = "SEV3 wakes nobody at night: it pages from 08:00 until 22:00."


def at(text: str) -> dt.datetime:
    """A wall time in Berlin."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


@pytest.mark.parametrize("moment", ["2026-11-21 02:30", "2026-11-21 12:00"])
def test_the_grave_ones_wake_at_any_hour_and_the_lightest_at_none(moment: str) -> None:
    for rule in (SEV1, SEV2):
        found = decide_waking(rule, now=at(moment), zone=BERLIN)
        assert (found.kind, found.at) == ("now", at(moment))
        assert plain(found.reason) == f"SEV{rule.severity} wakes people at any hour."
    never = decide_waking(SEV4, now=at(moment), zone=BERLIN)
    assert (never.kind, never.at) == ("never", None)
    assert plain(never.reason) == "SEV4 wakes nobody: it waits for the digest."


@pytest.mark.parametrize(
    ("moment", "kind", "begins"),
    [
        ("2026-11-21 08:00", "now", "2026-11-21 08:00"),
        ("2026-11-21 21:59", "now", "2026-11-21 21:59"),
        ("2026-11-21 22:00", "later", "2026-11-22 08:00"),
        ("2026-11-21 02:30", "later", "2026-11-21 08:00"),
        ("2026-12-31 23:59", "later", "2027-01-01 08:00"),
        # The clocks go forward and back in Berlin in these nights: eight is eight by the clock on the wall.
        ("2026-03-29 01:30", "later", "2026-03-29 08:00"),
        ("2026-10-25 02:30", "later", "2026-10-25 08:00"),
    ],
)
def test_in_between_waits_for_the_morning(moment: str, kind: str, begins: str) -> None:
    found = decide_waking(SEV3, now=at(moment), zone=BERLIN)
    assert (found.kind, found.at) == (kind, at(begins))
    assert plain(found.reason) == (NIGHT if kind == "later" else "SEV3 pages from 08:00 until 22:00.")


def test_the_hours_are_those_of_the_table_and_of_the_organisation() -> None:
    early = replace(SEV3, waking_from=0, waking_to=24)
    assert decide_waking(early, now=at("2026-11-21 23:59"), zone=BERLIN).kind == "now"
    tokyo = decide_waking(SEV3, now=at("2026-11-21 02:30"), zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.kind == "now"
