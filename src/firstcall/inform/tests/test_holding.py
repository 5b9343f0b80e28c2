"""'Nothing new', worded for each audience."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firstcall.inform.rules.holding import holding
from firstcall.inform.rules.wording import check_words
from firstcall.inform.rules.words import Facts

FACTS = Facts(
    "Card payments fail at Checkout", "Checkout", severity=1, workaround="Paying by bank transfer works.", owner="Ada"
)


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (
            "public",
            "‘Checkout’ is still not working as it should. Our team is working on it. Paying by bank transfer works. "
            "There is nothing new to say yet.",
        ),
        (
            "support",
            "‘Checkout’ is still not working as it should. There is nothing new to say yet. "
            "Paying by bank transfer works. Please do not say when it will work again.",
        ),
        (
            "leadership",
            "SEV1: ‘Checkout’ is still not working as it should. There is nothing new to say yet. Ada leads.",
        ),
        ("inside", "Nothing new. Nothing is asked of you."),
    ],
)
def test_each_audience_hears_it_in_its_own_words(audience: str, words: str) -> None:
    assert holding(audience, FACTS) == words


def test_while_it_is_watched_nobody_is_told_that_it_is_broken() -> None:
    assert holding("public", replace(FACTS, state="monitoring")) == (
        "A repair is in place for ‘Checkout’, and we are still watching that it holds. There is nothing new to say yet."
    )


@pytest.mark.parametrize("audience", ["public", "support", "leadership", "inside"])
@pytest.mark.parametrize("state", ["investigating", "identified", "monitoring"])
def test_it_passes_the_check(audience: str, state: str) -> None:
    words = holding(audience, replace(FACTS, state=state))
    assert check_words(words, audience=audience, says_next=True, tone="grave") == []


def test_without_a_flow_the_title_says_what_but_never_to_the_public() -> None:
    bare = Facts("Pod 7 is slow.")
    assert holding("public", bare).startswith("Our service is still not working as it should. Our team")
    assert holding("support", bare).startswith("‘Pod 7 is slow’ is not over yet. There is nothing new")


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("public", "Cards fail for some shops. Our team is working on it. Paying by bank transfer works."),
        (
            "support",
            "Card payments fail at Checkout. Our team is working on it. Say: “You are right, cards fail.” "
            "Paying by bank transfer works. Please do not say when it will work again, or whose fault it is.",
        ),
    ],
)
def test_who_has_heard_nothing_gets_the_prepared_words_and_no_still(audience: str, words: str) -> None:
    facts = replace(FACTS, prepared="Cards fail for some shops.", prepared_support="You are right, cards fail.")
    assert holding(audience, facts, first=True) == words


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_once_it_is_over_it_never_says_that_it_is_broken(state: str) -> None:
    assert holding("public", replace(FACTS, state=state)).startswith("‘Checkout’ works again.")
