"""A number that is sent is one, or nothing."""

from __future__ import annotations

import pytest

from firstcall.kernel.number import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17", 17), ("0", 0), ("007", 7), ("9" * 18, 10**18 - 1),
        ("9" * 19, None), ("9" * 5000, None), ("", None), (" 1", None), ("-1", None), ("1.0", None), ("²", None),
        ("٣", None), ("1\n", None),
    ],
)  # fmt: skip
def test_what_is_a_number(text: str, number: int | None) -> None:
    assert number_in(text) == number
