"""Incidents counted together."""

from __future__ import annotations

from firstcall.learn.rules.cost import Harm
from firstcall.learn.rules.evidence import Case, Line, by_cause, by_flow, total
from firstcall.ready.rules.cost import hour_of

CASES = [
    Case("Checkout", "Third party", Harm(1, 60, hour_of(6000, None), None, person_hours=1)),
    Case("Checkout", "Configuration", Harm(2, 30, hour_of(6000, None), None, person_hours=0)),
    Case("Reports", "Third party", Harm(3, 40, hour_of(None, None), None, person_hours=2)),
]


def test_the_dearest_flow_stands_first() -> None:
    assert by_flow(CASES) == [
        Line("Checkout", 2, 90, 3600 + 80 + 600, 6000 + 80 + 1800, 0),
        Line("Reports", 1, 40, 160, 160, 1),
    ]


def test_and_so_does_the_dearest_cause() -> None:
    assert by_cause(CASES) == [
        Line("Third party", 2, 100, 3600 + 80 + 160, 6000 + 80 + 160, 1),
        Line("Configuration", 1, 30, 600, 1800, 0),
    ]


def test_all_together() -> None:
    assert total(CASES) == Line("", 3, 130, 4440, 8040, 1)
    assert total([]) == Line("", 0, 0, 0, 0, 0)
    assert by_flow([]) == []
