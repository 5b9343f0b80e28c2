"""One thing at a time: the order, putting off, several roles."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from firstcall.kernel.say import say
from firstcall.respond.rules.queue import Off, Order, Prompt, is_off, queue_of

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


def prompt(
    order: Order, key: str, *, due: int | None = None, fact: str = "a", role: str = "", severity: int = 1
) -> Prompt:
    return Prompt(
        order=order,
        key=key,
        fact=fact,
        sentence=say(key),
        verb=say("Do it"),
        target="#",
        due_at=None if due is None else NOW + dt.timedelta(minutes=due),
        role=role,
        severity=severity,
    )


def test_the_classes_come_in_the_order_of_the_house() -> None:
    prompts = [prompt(order, order.name) for order in Order]
    for shuffled in itertools.permutations(prompts):
        queue = queue_of(shuffled, offs={}, now=NOW)
        assert queue.head is not None
        assert [queue.head.key, *(one.key for one in queue.rest)] == [
            "PROMISE",
            "BLOCKED",
            "EMPTY_ROLE",
            "QUESTION",
            "RECORD",
        ]


def test_inside_a_class_the_first_due_then_the_gravest_comes_first() -> None:
    queue = queue_of(
        [
            prompt(Order.PROMISE, "c"),
            prompt(Order.PROMISE, "b", due=4, severity=3),
            prompt(Order.PROMISE, "d", due=4, severity=1),
            prompt(Order.PROMISE, "a", due=-2, severity=4),
        ],
        offs={},
        now=NOW,
    )
    assert queue.head is not None
    assert [queue.head.key, *(one.key for one in queue.rest)] == ["a", "d", "b", "c"]


def test_nothing_wants_you() -> None:
    queue = queue_of([], offs={}, now=NOW)
    assert (queue.head, queue.rest, queue.off) == (None, (), 0)


def test_put_off_stays_off_ten_minutes_unless_its_fact_changed() -> None:
    off = {"need:1": Off("a", NOW + dt.timedelta(minutes=10))}
    one = prompt(Order.BLOCKED, "need:1")
    assert is_off(one, off, now=NOW)
    assert is_off(one, off, now=NOW + dt.timedelta(minutes=9, seconds=59))
    assert not is_off(one, off, now=NOW + dt.timedelta(minutes=10))
    assert not is_off(prompt(Order.BLOCKED, "need:1", fact="late"), off, now=NOW)
    assert queue_of([one], offs=off, now=NOW).off == 1


def test_who_holds_several_roles_is_asked_once() -> None:
    queue = queue_of(
        [
            prompt(Order.PROMISE, "clock", role="owner"),
            prompt(Order.PROMISE, "clock", role="communications_lead"),
        ],
        offs={},
        now=NOW,
    )
    assert queue.rest == ()
    assert queue.roles["clock"] == ("owner", "communications_lead")


prompts = st.builds(
    prompt,
    st.sampled_from(list(Order)),
    st.sampled_from([f"k{n}" for n in range(8)]),
    due=st.none() | st.integers(-60, 60),
    fact=st.sampled_from("ab"),
    role=st.sampled_from(["", "owner", "scribe"]),
    severity=st.integers(1, 4),
)
offs = st.dictionaries(
    st.sampled_from([f"k{n}" for n in range(8)]),
    st.builds(Off, st.sampled_from("ab"), st.integers(-5, 10).map(lambda n: NOW + dt.timedelta(minutes=n))),
)


@given(st.lists(prompts, max_size=12), offs)
def test_nothing_is_lost_asked_twice_or_out_of_order(given: list[Prompt], off: dict[str, Off]) -> None:
    queue = queue_of(given, offs=off, now=NOW)
    shown = ([queue.head] if queue.head else []) + list(queue.rest)
    keys = [one.key for one in shown]
    assert len(keys) == len(set(keys))
    assert len(keys) + queue.off == len({one.key for one in given})
    assert [one.order for one in shown] == sorted(one.order for one in shown)
    for one in shown:
        assert not is_off(one, off, now=NOW)
