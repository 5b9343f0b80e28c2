"""What an escalation does next, from the plan and the time alone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.ready.rules.path import due_after
from firstcall.respond.rules.escalation import Next, Standing, link_lives, next_step

NOW = dt.datetime(2026, 11, 20, 21, 56, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_the_first_step_runs_at_once() -> None:
    assert next_step(Standing("running", -1, NOW, 2), now=NOW) == Next("run", 0, NOW)


def test_the_next_step_waits_until_the_people_had_their_time() -> None:
    standing = Standing("running", 0, NOW + 5 * MINUTE, 2)
    assert next_step(standing, now=NOW + 4 * MINUTE) == Next("wait", 1, NOW + 5 * MINUTE)
    assert next_step(standing, now=NOW + 5 * MINUTE) == Next("run", 1, NOW + 5 * MINUTE)


def test_after_the_last_wait_nobody_answered() -> None:
    standing = Standing("running", 1, NOW + 5 * MINUTE, 2)
    assert next_step(standing, now=NOW).kind == "wait"
    assert next_step(standing, now=NOW + 5 * MINUTE) == Next("exhausted", 2, NOW + 5 * MINUTE, "nobody answered")


def test_a_plan_without_steps_is_exhausted_at_once() -> None:
    assert next_step(Standing("running", -1, NOW, 0), now=NOW).kind == "exhausted"


@pytest.mark.parametrize("state", ["acknowledged", "exhausted", "ended"])
def test_what_is_over_stays_over(state: str) -> None:
    assert next_step(Standing(state, 0, NOW, 2), now=NOW + 60 * MINUTE) == Next("over", reason=state)


@given(st.lists(st.integers(0, 60), max_size=6))
def test_every_path_ends_and_runs_each_step_once(waits: list[int]) -> None:
    step, at, ran = -1, NOW, []
    for _ in range(100):
        coming = next_step(Standing("running", step, at, len(waits)), now=at)
        if coming.kind == "exhausted":
            break
        assert coming.kind == "run"
        ran.append(coming.index)
        step, at = coming.index, due_after(at, waits[coming.index])
    assert ran == list(range(len(waits)))
    assert at == NOW + sum(waits) * MINUTE


@pytest.mark.parametrize(
    ("state", "minutes", "lives"),
    [
        ("running", 0, True),
        ("exhausted", 0, True),
        ("acknowledged", 0, False),
        ("ended", 0, False),
        ("running", 24 * 60 - 1, True),
        ("running", 24 * 60, False),
    ],
)
def test_a_link_ends_with_the_escalation_or_after_a_day(state: str, minutes: int, lives: bool) -> None:
    assert link_lives(state, planned_at=NOW, now=NOW + minutes * MINUTE) is lives
