"""Steps are few and short."""

from __future__ import annotations

import pytest

from firstcall.ready.rules.first_steps import checked_steps


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("Roll back.\n\n  Restart   the worker. \n", "Roll back.\nRestart the worker."),
        ("\n".join("1234567"), "\n".join("1234567")),
        ("\n".join("12345678"), None),
        ("x" * 300, "x" * 200),
    ],
)
def test_steps_are_kept_one_a_line(text: str, kept: str | None) -> None:
    assert checked_steps(text) == kept
