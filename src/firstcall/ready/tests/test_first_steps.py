"""Steps are few and short."""

from __future__ import annotations

import pytest

from firstcall.ready.rules.first_steps import checked_steps, lines_of


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


def test_lines_are_shown_once_each_as_short_as_they_are_kept() -> None:
    assert lines_of(f"Ring.\n\n Ring. \n{'x' * 300}") == ["Ring.", "x" * 200]
