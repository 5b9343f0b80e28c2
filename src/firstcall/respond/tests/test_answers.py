"""The four first questions: each known, each not known."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from firstcall.kernel.say import MoneyRange, Say, plain, roughly
from firstcall.respond.rules.answers import Answer, Clock, Facts, Likely, answer_questions

NOW = dt.datetime(2026, 11, 20, 23, 12, tzinfo=dt.UTC)


def at(minute: int, hour: int = 23) -> dt.datetime:
    return NOW.replace(hour=hour, minute=minute)


FRIDAY = Facts(
    flow="Checkout",
    symptom="Failing transactions",
    error="CG-504 authorisation timed out",
    started_at=at(54, 22),
    onset="sudden",
    alerts=3,
    reports=5,
    likely=Likely("CardGate", "degraded", at(51, 22)),
    customers_hit=41,
    customers_all=220,
    contracts=3,
    users_per_hour=900,
    told_us=("Bakery Union",),
    clocks=(
        Clock("Public", at(5), at(25), False),
        Clock("Leadership", at(1), at(16), False),
        Clock("Support", at(2), at(32), False),
    ),
    to_call=("Bakery Union",),
    severity=1,
    severity_reason="stopped at its peak, no quick way round",
    hour=MoneyRange(6200, 6200),
    cost=MoneyRange(1120, 1860),
    in_peak=True,
)


def dress(fact: object) -> str:
    if isinstance(fact, MoneyRange):
        return "–".join(dict.fromkeys((f"€{fact.low:,}", f"€{fact.high:,}")))
    return f"{fact:%H:%M}" if isinstance(fact, dt.datetime) else str(fact)


def words(sentences: tuple[Say, ...]) -> list[str]:
    return [plain(one, dress) for one in sentences]


def told(answer: Answer) -> tuple[bool, str, list[str]]:
    return answer.known, plain(answer.said, dress), words(answer.softer)


def test_on_friday_all_four_are_answered() -> None:
    answers = answer_questions(FRIDAY)
    assert told(answers.broke) == (
        True,
        "Failing transactions at ‘Checkout’.",
        ["Likely CardGate: degraded since 22:51."],
    )
    assert words(answers.broke.more) == [
        "From 3 alerts and 5 reports.",
        "Exact error: CG-504 authorisation timed out.",
        "It struck at once.",
    ]
    assert told(answers.hit) == (
        True,
        "Up to 41 of 220 customers.",
        ["About 900 users an hour.", "3 have contracts."],
    )
    assert told(answers.hear) == (
        True,
        "Leadership by 23:16.",
        ["Public 23:25, Support 23:32.", "Bakery Union not called."],
    )
    assert told(answers.bad) == (
        True,
        "SEV1: stopped at its peak, no quick way round.",
        ["About €6,200 an hour; €1,120–€1,860 so far."],
    )
    assert answers.unknown == ()
    assert [answer.question for answer in answers.all] == [
        "What broke",
        "Who is hit",
        "Who must hear",
        "How bad",
    ]


def test_with_nothing_known_each_says_so() -> None:
    answers = answer_questions(Facts())
    for answer in (answers.broke, answers.hit, answers.hear):
        assert told(answer) == (False, "Not known yet.", [])
    assert told(answers.bad) == (True, "SEV4.", [])
    assert words(answers.unknown) == [
        "which flow is hit",
        "what people see",
        "since when",
        "the exact error",
        "where it comes from",
    ]


def test_whoever_says_why_has_said_where_it_comes_from() -> None:
    answers = answer_questions(Facts(cause="Code change"))
    assert "where it comes from" not in words(answers.unknown)
    assert [plain(one) for one in answers.broke.more] == ["Why: Code change."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"symptom": ""}, "Something at ‘Checkout’; what, is not known yet."),
        ({"flow": ""}, "Failing transactions. Which flow, is not known yet."),
    ],
)
def test_half_known_says_the_half(change: dict[str, Any], said: str) -> None:
    answer = answer_questions(dataclasses.replace(FRIDAY, **change)).broke
    assert (answer.known, plain(answer.said)) == (True, said)


@pytest.mark.parametrize(
    ("alerts", "reports", "said"),
    [
        (1, 0, ["From 1 alert; nobody has reported it yet."]),
        (0, 2, ["From 2 reports; no alert has fired."]),
        (0, 0, []),
    ],
)
def test_it_says_where_it_knows_it_from(alerts: int, reports: int, said: list[str]) -> None:
    facts = dataclasses.replace(FRIDAY, alerts=alerts, reports=reports, likely=None)
    assert words(answer_questions(facts).broke.softer) == said


def test_a_late_word_is_said_to_be_late() -> None:
    late = (Clock("Leadership", None, at(10), True), Clock("Public", None, None, False))
    answer = answer_questions(dataclasses.replace(FRIDAY, clocks=late, to_call=())).hear
    assert told(answer) == (True, "Leadership was due 23:10.", [])
    assert words(answer.more) == ["Leadership: not told yet.", "Public: not told yet."]


def test_the_cost_is_a_range_in_all_when_it_is_over_and_missing_when_unknown() -> None:
    over = dataclasses.replace(FRIDAY, ended_at=at(24), cost=MoneyRange(1860, 3100))
    assert words(answer_questions(over).bad.softer) == ["About €6,200 an hour; €1,860–€3,100 in all."]
    fresh = dataclasses.replace(FRIDAY, hour=MoneyRange(6200, 8600), cost=MoneyRange(0, 0))
    assert words(answer_questions(fresh).bad.softer) == ["About €6,200–€8,600 an hour."]
    unknown = dataclasses.replace(FRIDAY, hour=None, cost=None)
    answers = answer_questions(unknown)
    assert answers.bad.softer == ()
    assert words(answers.unknown) == ["what an hour costs"]


def test_customers_who_told_us_count_when_none_is_listed() -> None:
    facts = dataclasses.replace(FRIDAY, customers_hit=0, told_us=("Bakery Union", "Harbour Grill"))
    assert told(answer_questions(facts).hit)[1] == "2 customers told us."
    nobody = dataclasses.replace(facts, told_us=(), users_per_hour=None, contracts=0)
    assert told(answer_questions(nobody).hit) == (
        False, "Not known yet.", ["No customer is listed for ‘Checkout’."],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("named", "others", "said", "softer"),
    [
        (("Bakery Union",), "", "Bakery Union.", []),
        (("A", "B", "C", "D", "E"), "", "A, B, C and 2 more.", []),
        (("Bakery Union",), "all shops in the north.", "Bakery Union.", ["all shops in the north."]),
        ((), "all shops in the north", "Up to 41 of 220 customers.", ["all shops in the north."]),
    ],
)
def test_who_was_named_as_hit_is_said_before_who_may_be(
    named: tuple[str, ...], others: str, said: str, softer: list[str]
) -> None:
    facts = dataclasses.replace(FRIDAY, hit_named=named, hit_others=others, users_per_hour=None, contracts=0)
    assert told(answer_questions(facts).hit) == (True, said, softer)
    alone = dataclasses.replace(facts, customers_hit=None, hit_named=(), told_us=(), hit_others="all shops.")
    assert told(answer_questions(alone).hit) == (True, "all shops.", [])


def test_an_estimate_is_said_no_more_exactly_than_it_can_be() -> None:
    assert [roughly(one) for one in (0, 72, 497, 829, 1860, 4598, 12_345.67)] == [0, 72, 500, 830, 1860, 4600, 12_300]
