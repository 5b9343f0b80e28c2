"""The first line of a page works on a lock screen."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from firstcall.kernel.say import plain
from firstcall.respond.models.page import Because
from firstcall.respond.rules.page import WHY, Woken, first_line, rank_of

WOKEN = Woken("INC-42", 1, "Checkout", "card payments fail", "22:54", 41, False)


def line(**change: Any) -> str:
    return plain(first_line(dataclasses.replace(WOKEN, **change)))


def test_it_says_severity_flow_what_since_and_how_many() -> None:
    assert line() == "SEV1 Checkout: card payments fail since 22:54, 41 customers. You are on call."


def test_what_is_not_known_is_left_out() -> None:
    assert line(customers=1) == "SEV1 Checkout: card payments fail since 22:54, 1 customer. You are on call."
    assert line(customers=0, since="", flow="") == "SEV1: card payments fail. You are on call."


def test_when_nobody_answered_it_says_so() -> None:
    assert line(nobody_answered=True).endswith("41 customers. Nobody has answered.")


@pytest.mark.parametrize("because", sorted(WHY))
def test_it_says_why_one_is_woken_and_nothing_that_is_not_so(because: str) -> None:
    assert line(because=because).endswith(f"41 customers. {WHY[because]}")
    assert ("on call" in line(because=because)) is (because == "on_call")


def test_every_reason_has_its_words() -> None:
    assert set(WHY) == {"", *Because.values}


def test_a_restricted_one_says_its_number_and_nothing_else() -> None:
    assert line(restricted=True) == "INC-42, restricted. You are asked for."


def test_practice_is_said_first() -> None:
    assert line(practice=True) == f"PRACTICE. {line()}"
    assert line(practice=True, restricted=True) == "PRACTICE. INC-42, restricted. You are asked for."


def test_the_gravest_goes_first() -> None:
    assert [rank_of(severity) for severity in (1, 2, 3, 4)] == [0, 10, 20, 30]
