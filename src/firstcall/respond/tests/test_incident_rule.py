"""The state machine: every move enumerated, then walked at random."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.kernel.say import plain
from firstcall.respond.rules.incident import MOVES, STATES, Objection, decide_move, decide_severity, next_states

ALLOWED = {
    ("triage", "investigating"),
    ("triage", "closed"),
    ("investigating", "identified"),
    ("investigating", "monitoring"),
    ("investigating", "resolved"),
    ("identified", "investigating"),
    ("identified", "monitoring"),
    ("identified", "resolved"),
    ("monitoring", "investigating"),
    ("monitoring", "identified"),
    ("monitoring", "resolved"),
    ("resolved", "investigating"),
    ("resolved", "monitoring"),
    ("resolved", "closed"),
    ("closed", "investigating"),
}
BACK = {
    ("identified", "investigating"),
    ("monitoring", "investigating"),
    ("monitoring", "identified"),
    ("resolved", "investigating"),
    ("resolved", "monitoring"),
    ("closed", "investigating"),
}


def field_of(objection: Objection | None) -> str:
    return objection.field if objection else ""


@pytest.mark.parametrize(("state", "to"), list(itertools.product(STATES, STATES)))
def test_every_move_is_allowed_or_says_why_not(state: str, to: str) -> None:
    assert (decide_move(state, to, reason="the error came back") is None) == ((state, to) in ALLOWED)


@pytest.mark.parametrize(("state", "to"), sorted(ALLOWED))
def test_going_back_and_declining_need_a_reason(state: str, to: str) -> None:
    needs = (state, to) in BACK or (state, to) == ("triage", "closed")
    assert field_of(decide_move(state, to, reason=" ")) == ("reason" if needs else "")


@pytest.mark.parametrize(("state", "to"), sorted(ALLOWED))
def test_only_resolving_minds_what_fires(state: str, to: str) -> None:
    firing = ("Card payments fail", "Queue grows")
    objection = decide_move(state, to, reason="the bank says so", firing=firing)
    assert field_of(objection) == ("all_the_same" if to == "resolved" else "")
    if objection is not None:
        words = "This still fires: Card payments fail, Queue grows. If it is over all the same, say so, and why."
        assert plain(objection.said) == words
    assert decide_move(state, to, reason="it lags", firing=firing, all_the_same=True) is None
    silent = field_of(decide_move(state, to, reason=" ", firing=firing, all_the_same=True))
    assert silent == ("reason" if to == "resolved" else field_of(decide_move(state, to, reason="")))


def test_a_state_that_does_not_exist_is_refused() -> None:
    assert field_of(decide_move("triage", "on fire", reason="x")) == "state"


def test_next_states_come_forward_first() -> None:
    assert next_states("monitoring") == ("resolved", "investigating", "identified")
    assert next_states("triage") == ("investigating", "closed")


@given(st.lists(st.sampled_from(STATES), max_size=30))
def test_no_walk_leaves_the_machine(walk: list[str]) -> None:
    state = "triage"
    for to in walk:
        if decide_move(state, to, reason="because") is None:
            assert to in MOVES[state]
            state = to
    assert state in STATES
    assert state == "triage" or "triage" not in MOVES[state]


@pytest.mark.parametrize(("severity", "to"), list(itertools.product(range(1, 5), range(6))))
def test_severity_goes_down_as_readily_as_up(severity: int, to: int) -> None:
    may = 1 <= to <= 4 and to != severity
    assert field_of(decide_severity(severity, to, reason="more customers")) == ("" if may else "severity")
    assert field_of(decide_severity(severity, to, reason="")) == ("reason" if may else "severity")
