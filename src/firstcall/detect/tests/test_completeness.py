"""What a report still lacks, what would help most first."""

from __future__ import annotations

import pytest

from firstcall.detect.rules.completeness import Told, how_complete, missing
from firstcall.kernel.say import plain

FULL = Told(
    seen="After 'Pay' the page turns white and stays so",
    flow=True,
    since=True,
    error="CG-502",
    who="Everybody at Bakery Union",
    stands_still="Morning deliveries",
    picture=True,
)


def test_the_system_is_down_is_not_enough() -> None:
    told = Told(seen="The system is down")
    assert [one.field for one in missing(told)] == ["error", "since", "flow", "seen", "who", "stands_still", "picture"]
    assert plain(how_complete(told)).startswith("With only this, nobody knows where to look.")
    assert plain(missing(told)[0].ask) == (
        "An error text or code would help most: often it stands under the red banner."
    )


def test_nothing_is_missing_when_all_is_told() -> None:
    assert missing(FULL) == []
    assert plain(how_complete(FULL)) == "Nothing is missing: engineering can start from this."


@pytest.mark.parametrize(
    ("told", "fields", "said"),
    [
        (Told(FULL.seen, True, True, "CG-502", "all", "deliveries"), ["picture"], "Good enough to start from."),
        (Told(FULL.seen, True, True, "  ", "all", " "), ["error", "stands_still", "picture"], "A start."),
        (Told(FULL.seen, True), ["error", "since", "who", "stands_still", "picture"], "With only this"),
    ],
)
def test_each_missing_thing_is_asked_for(told: Told, fields: list[str], said: str) -> None:
    assert [one.field for one in missing(told)] == fields
    assert plain(how_complete(told)).startswith(said)
