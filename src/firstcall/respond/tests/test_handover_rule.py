"""What an offer of a role must have, and when its answer is late."""

from __future__ import annotations

import datetime as dt

from firstcall.respond.rules.handover import LONGEST, late_from, tidy

NOW = dt.datetime(2026, 11, 20, 22, 20, tzinfo=dt.UTC)


def test_five_minutes() -> None:
    assert late_from(NOW) == dt.datetime(2026, 11, 20, 22, 25, tzinfo=dt.UTC)


def test_the_note_keeps_its_lines_and_nothing_around_them() -> None:
    assert (
        tidy("  Rolled back. \n\n  Bakery Union waits for a call.  \n")
        == "Rolled back.\n\nBakery Union waits for a call."
    )
    assert tidy(" \n ") == ""
    assert len(tidy("x" * 2000)) == LONGEST
