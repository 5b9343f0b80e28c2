"""What an hour without a flow costs: from the least to the most that the register says, added up in one way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firstcall.kernel.say import MoneyRange


@dataclass(frozen=True, slots=True)
class Hour:
    """From `least` to `most` in whole units of the currency; None: not known. `unpriced` flows are not in it."""

    least: int | None
    most: int | None
    unpriced: int = 0

    @property
    def money(self) -> MoneyRange | None:
        """As a page says it; None while not known."""
        return None if self.least is None or self.most is None else MoneyRange(self.least, self.most)


def hour_of(least: int | None, most: int | None) -> Hour:
    """Of one flow, by its register; without an upper end it is one figure."""
    return Hour(None, None, 1) if least is None else Hour(least, least if most is None else most)


def together(hours: Iterable[Hour]) -> Hour:
    """The sum of what is known."""
    rows = list(hours)
    known = [(one.least, one.most) for one in rows if one.least is not None and one.most is not None]
    unpriced = sum(one.unpriced for one in rows)
    if not known:
        return Hour(None, None, unpriced)
    return Hour(sum(least for least, _most in known), sum(most for _least, most in known), unpriced)
