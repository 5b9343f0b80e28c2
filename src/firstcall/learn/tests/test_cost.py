"""What an incident cost, with its assumptions."""

from __future__ import annotations

from firstcall.learn.rules.cost import Harm, cost_of, users_hit


def test_a_range_with_every_assumption_named() -> None:
    cost = cost_of(Harm(1, 60, 6200, 900, person_hours=3))
    assert (cost.low, cost.high) == (3720 + 240, 6200 + 240)
    assert [part.name for part in cost.parts] == ["Revenue at risk", "People's hours"]
    assert "60 minutes at 6,200 an hour" in cost.parts[0].assumption
    assert users_hit(Harm(1, 60, 6200, 900, 3)) == (540, 900)


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    cost = cost_of(Harm(2, 60, None, None, person_hours=0))
    assert (cost.low, cost.high) == (0, 0)
    assert cost.missing[0] == "What an hour of this flow costs is not known."
    assert users_hit(Harm(2, 60, None, None, 0)) is None
