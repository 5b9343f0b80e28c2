"""First drafts from facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.queries.words import facts_of
from firstcall.inform.rules.holding import holding
from firstcall.inform.rules.status import Word, headline
from firstcall.inform.rules.wording import check_words
from firstcall.inform.rules.words import DOING, Facts, compose, draft, sentences
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.sketch import SKETCHES
from firstcall.respond.models.incident import Incident

NOW = dt.datetime(2026, 11, 20, 22, 2, tzinfo=dt.UTC)

FACTS = Facts(
    "Card payments fail at Checkout",
    "Checkout",
    since="22:54 CET",
    scale="41 of 220",
    owner="Ada",
    technical_lead="Ben",
)


def test_each_audience_gets_its_own_words() -> None:
    public = "‘Checkout’ has not been working as it should since 22:54 CET. Our team is working on it."
    assert draft("public", FACTS) == public
    assert "41 of 220 customers use it." in draft("support", FACTS)
    assert "Ada leads." in draft("leadership", FACTS)
    assert "Questions go to Ada, not to the engineers." in draft("inside", FACTS)
    assert "Ada leads and does the repair" in draft("inside", replace(FACTS, technical_lead="Ada"))


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
        "‘Checkout’ works again. We are sorry, and will say here what we change."
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = Facts("Something is slow")
    assert draft("public", bare) == "Our service is not working as it should. Our team is working on it."
    assert draft("inside", bare) == "SEV2: Something is slow. We are looking for the cause."


def every_flow() -> list[Facts]:
    """What people prepare, in the ways they write it, and every flow of every sketch."""
    sketched = [
        replace(FACTS, flow=one.name, prepared=one.say_customers, prepared_support=f"Listen. Say: {one.say_customers}")
        for sketch in SKETCHES
        for one in sketch.flows
    ]
    way = "Paying by bank transfer works."
    by_hand = [
        replace(
            FACTS,
            prepared=f"Cards fail for some shops. {doing} {way}",
            prepared_support=f"You are right. {doing}",
            workaround=way,
        )
        for doing in DOINGS
    ]
    return [*sketched, *by_hand, FACTS, replace(FACTS, technical_lead="Ada"), Facts("Something is slow")]


DOINGS = (
    "We are working on it.", "Our team is working on it", "We have people on it now.", "We are on it!", "",
    "Our engineers are looking into it.", "The team is already investigating the cause.",
)  # fmt: skip
WORKS = ("working on it", "on it now", "are on it", "looking into it", "looking at it", "investigating")


@pytest.mark.parametrize("audience", ["public", "support", "leadership", "inside"])
@pytest.mark.parametrize("state", DOING)
def test_nothing_is_said_twice_in_any_words_of_ours(audience: str, state: str) -> None:
    for facts in every_flow():
        known = replace(facts, state=state)
        for text in (draft(audience, known), holding(audience, known), holding(audience, known, first=True)):
            said = [one.casefold().strip("“”.! ") for one in sentences(text)]
            assert len(said) == len(set(said)), text
            assert sum(any(words in one for words in WORKS) for one in said) <= 1, text
            assert ".." not in text, text
            assert text.endswith((".", "!", "”")), text
            if state in ("monitoring", "resolved", "closed"):
                assert not any(words in text for words in ("Cards fail", "is not working", "working on")), text


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("state", DOING)
def test_any_name_of_a_flow_fits_into_every_sentence(state: str, first: bool) -> None:
    """A name that is a verb ('Pay out') stands in quotes, or is no part of a sentence of ours."""
    flows = {one.name for sketch in SKETCHES for one in sketch.flows}
    assert {"Pay out", "Sign in", "Open and save work"} <= flows
    for flow in flows:
        facts = Facts(f"{flow}: it fails", flow, since="22:54 CET", state=state, some=first)
        for audience in ("public", "support", "leadership", "inside"):
            said = holding(audience, facts, first=first).replace(f"‘{flow}’", "")
            assert flow not in said.replace(facts.title, ""), said
    title = headline([Word(state, "Nothing new.", True)], part="Pay out")
    assert title.startswith("Pay out: ")


NAMED = replace(FACTS, scale="2 of 220", hit=("Bakery Union", "Harbour Grill"), contracts=1, some=True)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (NAMED, "Hit, as far as we know: 2 of 220 customers (Bakery Union, Harbour Grill)."),
        (replace(NAMED, hit_others="all in the north."),
         "Hit, as far as we know: 2 of 220 customers (Bakery Union, Harbour Grill). Also hit: all in the north."),
        (replace(NAMED, hit=("A", "B", "C", "D", "E"), scale="5 of 220"),
         "Hit, as far as we know: 5 of 220 customers (A, B, C and 2 more)."),
        (replace(NAMED, scale=""), "Hit, as far as we know: Bakery Union, Harbour Grill."),
        (replace(FACTS, hit_others="all in the north"),
         "Hit, as far as we know: all in the north. 41 of 220 customers use it."),
        (replace(FACTS, hit_others="all in the north", scale=""), "Hit, as far as we know: all in the north."),
    ],
)  # fmt: skip
def test_once_customers_are_named_the_house_hears_of_these(facts: Facts, said: str) -> None:
    assert f". {said} Our team" in draft("support", facts)
    first, _, rest = said.partition(". ")
    counted = " Among them with a contract: 1." if facts.contracts else ""
    assert f"{first.rstrip('.')}.{counted} {rest}".rstrip() in draft("leadership", facts)
    for words in (draft("public", facts), draft("inside", facts), holding("public", facts)):
        assert "Bakery" not in words and "as far as we know" not in words


@pytest.mark.parametrize("make", [draft, holding])
def test_the_public_hears_that_it_hits_some_and_never_whom(make: Callable[[str, Facts], str]) -> None:
    assert "working as it should for some customers" in make("public", NAMED)
    assert "for some customers" not in make("public", replace(NAMED, some=False))
    assert check_words(make("public", NAMED), audience="public", says_next=True) == []


def test_lines_are_put_together_with_full_stops_and_without_repeats() -> None:
    assert compose(["It works", "", "Pay by transfer.", "it works!"]) == "It works. Pay by transfer."


def test_words_that_say_more_than_that_we_work_on_it_are_kept_whole() -> None:
    kept = replace(FACTS, prepared="We are working on it and keep your basket.")
    assert draft("public", kept) == "We are working on it and keep your basket."
    assert draft("public", replace(kept, state="identified")).endswith("are working on the repair.")


@pytest.mark.django_db
def test_nobody_listed_is_not_nobody_hit() -> None:
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    incident = Incident.objects.create(title="Cards fail", flow=flow, severity=1, opened_at=NOW)
    Customer.objects.create(name="Kiosk North")
    assert facts_of(incident).scale == ""
    Customer.objects.create(name="Bakery Union").flows.add(flow)
    assert facts_of(incident).scale == "1 of 2"


@pytest.mark.django_db
def test_customers_read_the_name_they_know_and_the_team_its_own() -> None:
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    incident = Incident.objects.create(title="Cards fail", flow=flow, severity=1, opened_at=NOW, state="resolved")
    assert draft("public", facts_of(incident)).startswith("‘Checkout’ works again.")
    StatusPage.objects.create(name="Northwind", slug="northwind", since=NOW).components.create(name="Paying", flow=flow)
    facts = facts_of(incident)
    assert draft("public", facts).startswith("‘Paying’ works again.")
    assert draft("inside", facts) == "SEV1: ‘Checkout’ works again."
    assert holding("public", replace(facts, state="investigating")).startswith("‘Paying’ is still not working")
    assert holding("leadership", replace(facts, state="investigating")).startswith("SEV1: ‘Checkout’ is still")
