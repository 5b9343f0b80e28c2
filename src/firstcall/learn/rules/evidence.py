"""Incidents as evidence: what they cost together, by flow and by cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from firstcall.kernel.say import MoneyRange
from firstcall.learn.rules.cost import Harm, about, cost_of


@dataclass(frozen=True, slots=True)
class Case:
    """One incident: what it hit and why, as the reader's words; empty: not known."""

    flow: str
    cause: str
    harm: Harm


@dataclass(frozen=True, slots=True)
class Line:
    """Incidents that share a name. `unpriced` of them hit a flow whose cost is not known: only work is counted."""

    name: str
    incidents: int
    minutes: int
    low: int
    high: int
    unpriced: int

    @property
    def money(self) -> MoneyRange | None:
        """As a page says it; None when no flow's cost is known."""
        return None if self.unpriced == self.incidents else about(self.low, self.high)


def by_flow(cases: Sequence[Case]) -> list[Line]:
    """Dearest first."""
    return _by(cases, lambda case: case.flow)


def by_cause(cases: Sequence[Case]) -> list[Line]:
    """Dearest first."""
    return _by(cases, lambda case: case.cause)


def total(cases: Sequence[Case]) -> Line:
    """All of them as one line without a name."""
    return _line("", cases)


def _by(cases: Sequence[Case], name: Callable[[Case], str]) -> list[Line]:
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(name(case), []).append(case)
    lines = [_line(key, some) for key, some in groups.items()]
    return sorted(lines, key=lambda line: (-line.high, -line.minutes, line.name))


def _line(name: str, cases: Sequence[Case]) -> Line:
    costs = [cost_of(case.harm) for case in cases]
    return Line(
        name,
        len(cases),
        sum(case.harm.minutes for case in cases),
        sum(cost.low for cost in costs),
        sum(cost.high for cost in costs),
        sum(1 for cost in costs if not cost.known),
    )
