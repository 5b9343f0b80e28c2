"""First drafts from facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firstcall.inform.rules.wording import check_words
from firstcall.inform.rules.words import DOING, Facts, draft

FACTS = Facts(
    "Card payments fail at Checkout",
    "Checkout",
    since="22:54 CET",
    scale="41 of 220",
    owner="Ada",
    technical_lead="Ben",
)


def test_each_audience_gets_its_own_words() -> None:
    assert draft("public", FACTS) == "Checkout is not working as it should since 22:54 CET. Our team is working on it."
    assert "41 of 220 customers use it." in draft("support", FACTS)
    assert "Ada leads." in draft("leadership", FACTS)
    assert "Questions go to Ada, not to the engineers." in draft("inside", FACTS)


@pytest.mark.parametrize("audience", ["public", "support", "leadership", "inside"])
@pytest.mark.parametrize("state", DOING)
def test_a_draft_passes_its_own_check(audience: str, state: str) -> None:
    facts = Facts("Card payments fail at Checkout", "Checkout", since="22:54 CET", state=state)
    assert check_words(draft(audience, facts), audience=audience, says_next=True) == []


def test_a_time_of_repair_is_said_only_with_its_basis() -> None:
    hoped = replace(FACTS, repair="23:30 CET")
    backed = replace(hoped, basis="the provider switched back at 23:10.")
    said = "We expect it to work again by 23:30 CET: the provider switched back at 23:10."
    assert "23:30" not in draft("public", hoped)
    assert draft("public", backed).endswith(said)
    assert draft("leadership", backed).endswith(said)
    assert "When it will work again is not known yet." in draft("leadership", hoped)


def test_words_that_were_prepared_come_first_and_a_way_round_is_named() -> None:
    facts = replace(FACTS, prepared="Cards fail for some shops.", workaround="Paying by bank transfer works.")
    assert draft("public", facts) == (
        "Cards fail for some shops. Our team is working on it. Paying by bank transfer works."
    )
    assert draft("public", replace(facts, state="resolved")) == (
        "Checkout works again. We are sorry, and will say here what we change."
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = Facts("Something is slow")
    assert draft("public", bare) == "Our service is not working as it should. Our team is working on it."
    assert draft("inside", bare) == "SEV2: Something is slow. Our team is working on it."
