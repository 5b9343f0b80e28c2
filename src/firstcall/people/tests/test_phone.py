"""What one tap can call."""

from __future__ import annotations

import pytest

from firstcall.people.rules.phone import is_phone


@pytest.mark.parametrize(
    "text",
    ["112", "+49 30 5550 0001", "+49 (0)172/99 88 776", "(030) 555-0001", "030.555.0001 ext. 12", "0305550001 x7", "1"],
)
def test_figures_and_what_stands_between_them_can_be_dialled(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "later", "0171 hello", "<b>1</b>", "call me 1", "+", "1; rm", "ext 1", "😀1"])
def test_words_can_not(text: str) -> None:
    assert not is_phone(text)
