"""What an incident cost, with its assumptions."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.kernel.say import Money, MoneyRange, plain
from firstcall.learn.rules.cost import Harm, cost_of, hours_of, users_hit
from firstcall.ready.rules.cost import hour_of

UNKNOWN = hour_of(None, None)
NINE = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.UTC)


def at(hours: float) -> dt.datetime:
    return NINE + dt.timedelta(hours=hours)


def dress(fact: object) -> str:
    return (
        f"€{fact.low:,}"
        if isinstance(fact, MoneyRange)
        else f"€{fact.amount:,}"
        if isinstance(fact, Money)
        else str(fact)
    )


def test_a_range_with_every_assumption_and_its_source() -> None:
    cost = cost_of(Harm(1, 60, hour_of(6200, None), 900, person_hours=3))
    assert (cost.low, cost.high, cost.known) == (3720 + 240, 6200 + 240, True)
    assert [(part.name, part.low, part.high) for part in cost.parts] == [
        ("Revenue at risk", 3720, 6200),
        ("People’s hours", 240, 240),
    ]
    assert [(plain(one.said, dress), plain(one.source)) for one in cost.parts[0].assumptions] == [
        ("60 minutes of impact", "from the incident’s timeline"),
        ("€6,200 an hour", "from the register of flows"),
        ("60 to 100 % of it hit", "our usual share for SEV1"),
    ]
    assert [plain(one.said, dress) for one in cost.parts[1].assumptions] == [
        "3.0 hours of people with a role",
        "€80 an hour of work",
    ]


def test_an_hour_that_is_a_range_widens_the_cost() -> None:
    cost = cost_of(Harm(1, 30, hour_of(6200, 8600), None, person_hours=1, dated=False))
    assert (cost.low, cost.high, cost.money) == (1860 + 80, 4300 + 80, MoneyRange(1940, 4380))
    assert (
        plain(cost.parts[0].assumptions[0].source) == "counted from when it was opened: nobody has said yet since when"
    )


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    cost = cost_of(Harm(2, 60, UNKNOWN, None, person_hours=0))
    assert (cost.low, cost.high, cost.known, cost.money) == (0, 0, False, None)
    assert plain(cost.missing[0]) == "What an hour of this flow costs is not known."


@pytest.mark.parametrize(
    ("severity", "minutes", "users", "expected"),
    [(1, 60, 900, (540, 900)), (2, 30, 900, (90, 270)), (4, 60, 900, (0, 18)), (1, 60, None, None)],
)
def test_users_as_a_range(severity: int, minutes: int, users: int | None, expected: tuple[int, int] | None) -> None:
    assert users_hit(Harm(severity, minutes, UNKNOWN, users, 0)) == expected


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        ([], 0.0),
        ([(at(0), at(1))], 1.0),
        ([(at(0), at(1)), (at(0), at(2))], 2.0),
        ([(at(1), at(3)), (at(0), at(2))], 3.0),
        ([(at(0), at(1)), (at(2), at(3))], 2.0),
    ],
)
def test_two_roles_at_once_are_one_hour(spans: list[tuple[dt.datetime, dt.datetime]], hours: float) -> None:
    assert hours_of(spans) == hours
