"""Whole numbers as they are sent by a form or in an address."""

from __future__ import annotations

DIGITS = 18  # what either store keeps as a whole number


def number_in(text: str) -> int | None:
    """'17' is 17; None for all that is no whole number from 0 up, or has more than 18 digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None
