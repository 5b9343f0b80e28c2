"""Each kind of hole by name, and what an hour without anybody costs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.kernel.keep import kept, told
from firstcall.kernel.say import Count, Money, MoneyRange, Say, Term, plain
from firstcall.ready.rules.cost import Hour, cost_between
from firstcall.ready.rules.holes.facts import (
    ActionFacts,
    FlowFacts,
    GapFacts,
    OwedFacts,
    PathFacts,
    PersonFacts,
    PhoneFacts,
    Prepared,
    ProviderFacts,
    RoleFacts,
    ScheduleFacts,
    ToldFacts,
)
from firstcall.ready.rules.holes.hole import Hole, kept_hole, told_hole
from firstcall.ready.rules.readiness import readiness_of

CHECKOUT = FlowFacts("checkout", "Checkout", "critical", True, 6200)
GATE = ProviderFacts(1, "CardGate", "", "component", "payments", ("checkout",), own="cardgate")
SATURDAY = dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC)


def dress(fact: object) -> str:
    return f"€{fact.amount:,}" if isinstance(fact, Money) else str(fact)


def only(prepared: Prepared) -> tuple[str, str, str, str]:
    """The one hole beside the missing flow's: key, sentence, page, slug."""
    (hole,) = readiness_of(prepared).holes
    return hole.key, plain(hole.sentence, dress), hole.page, hole.slug


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"has_steps": False}, ("steps:checkout", "Nobody has written what to try first when Checkout breaks.",
                                "flow_edit", "checkout")),
        ({"watched": False}, ("watch:checkout", "No alert watches Checkout: its users would notice first.",
                              "sources", "")),
        ({"drilled": False}, ("drill:checkout", "There was no drill of Checkout for 90 days.", "drills", "")),
        ({"confirmed": False}, ("confirm:checkout", "Nobody says any more that what is written of Checkout holds.",
                                "flow", "checkout")),
        ({"sketched": True, "confirmed": False},
         ("sketch:checkout", "Checkout comes from a sketch and nobody has said that it is so.", "flow_edit",
          "checkout")),
    ],
)  # fmt: skip
def test_a_critical_flow_has_holes_of_its_own(change: dict[str, bool], expected: tuple[str, ...]) -> None:
    flow = dataclasses.replace(CHECKOUT, **change)  # type: ignore[arg-type]
    assert only(Prepared(flows=(flow,), sources=1)) == expected


def test_a_flow_that_is_not_critical_needs_no_steps_and_no_alert() -> None:
    flow = FlowFacts("refunds", "Refunds", "important", True, None, has_steps=False, watched=False, confirmed=False)
    assert readiness_of(Prepared(flows=(flow,), sources=1)).holes == ()


@pytest.mark.parametrize(
    ("prepared", "expected"),
    [
        (Prepared(paths=(PathFacts(3, "Night", "Ben", 1, 5, left=("Eve",)),)),
         ("step:3:Eve", "Night pages Eve, who left.", "path_edit", "3")),
        (Prepared(paths=(PathFacts(3, "Night", "Ben", 1, 5, hollow=("Weekend",)),)),
         ("step:3:Weekend", "Night pages Weekend, where nobody is on call.", "path_edit", "3")),
        (Prepared(people=(PersonFacts(7, "Ben", False, True),)),
         ("way:7", "Ben has verified no way of being paged.", "person", "7")),
        (Prepared(people=(PersonFacts(7, "Ben", True, False),)),
         ("call:7", "Ben answers at night and has no telephone number.", "person", "7")),
        (Prepared(owed=(OwedFacts(7, "Ben", 3, "Payments"),)),
         ("owed:7", "Ben is to say of 3 things whether they still hold.", "to_confirm", "")),
        (Prepared(owed=(OwedFacts(0, "", 1, "Payments"),)),
         ("owed:0", "1 thing that we prepared have no owner, among them Payments.", "to_confirm", "")),
        (Prepared(roles=(RoleFacts("role:x", "communications_lead", "nobody speaks to customers", "", "", "Saturday",
                                   True, None, 0),)),
         ("role:x", "Saturday: nobody speaks to customers.", "duty_new", "")),
        (Prepared(roles=(RoleFacts("role:x", "owner", "Ben would own what breaks, and has not accepted it", "Ben",
                                   "Checkout", "At any hour", False, None, 0),)),
         ("role:x", "At any hour, for Checkout: Ben would own what breaks, and has not accepted it.", "duties", "")),
        (Prepared(lanes=(ToldFacts(4, 3, "Night", "Founder or CTO", "Dana", "left", 9),)),
         ("lane:4", "Night tells Dana (Founder or CTO), who left.", "path", "3")),
        (Prepared(lanes=(ToldFacts(4, 3, "Night", "Support lead", "Desk", "hollow"),)),
         ("lane:4", "Night tells Desk (Support lead), where nobody is on call.", "path", "3")),
        (Prepared(lanes=(ToldFacts(4, 3, "Night", "Founder or CTO", "Dana", "unverified", 9),)),
         ("lane:4", "Night tells Dana (Founder or CTO), who has verified no way of being reached.", "person", "9")),
        (Prepared(lanes=(ToldFacts(4, 3, "Night", "Account owners", "", "owners"),)),
         ("lane:4", "Night tells account owners, and no customer with a contract has one.", "customers", "")),
        (Prepared(lanes=(ToldFacts(0, 3, "Night", "Founder or CTO", "", "missing"),)),
         ("leadership:3", "Night tells no founder or CTO, and the severity table wants one told at once.", "lane_new",
          "3")),
        (Prepared(schedules=(ScheduleFacts(1, "Night", (GapFacts("w6-0200-0600", SATURDAY, SATURDAY, Hour(None, None),
                                                                 "Saturday 02:00 to 06:00"),)),)),
         ("gap:1:w6-0200-0600", "Saturday 02:00 to 06:00: nobody is on call for Night.", "schedule", "1")),
        (Prepared(late=(ActionFacts(4, "Buy a second gate", "Dana", dt.date(2026, 11, 2)),)),
         ("action:4", "Dana was to do it by 2026-11-02: Buy a second gate", "actions", "")),
    ],
)  # fmt: skip
def test_what_wakes_nobody_and_what_grows_old(prepared: Prepared, expected: tuple[str, ...]) -> None:
    assert only(prepared) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"watched": False}, ("unread:1", "Nobody watches how CardGate is.", "provider", "cardgate")),
        ({"untested": "Payments"},
         ("untested:1", "The fallback of Payments for CardGate was not tried within 180 days.", "component",
          "payments")),
    ],
)  # fmt: skip
def test_a_third_party_is_watched_and_its_fallback_tried(change: dict[str, object], expected: tuple[str, ...]) -> None:
    gate = dataclasses.replace(GATE, **change)  # type: ignore[arg-type]
    assert only(Prepared(flows=(CHECKOUT,), providers=(gate,), sources=1)) == expected


def test_what_holds_of_owners_and_actions_counts() -> None:
    before = readiness_of(Prepared())
    found = readiness_of(Prepared(owed=(OwedFacts(7, "Ben", 0, ""),), on_time=2))
    assert (found.holds - before.holds, found.holes) == (3, ())


def test_roles_and_lanes_that_hold_count() -> None:
    told = (ToldFacts(4, 3, "Night", "Founder or CTO", "Dana"),)
    found = readiness_of(Prepared(held=5, lanes=told))
    assert (found.holds, found.of, found.holes) == (6, 6, ())


def test_a_gap_costs_what_its_hours_cost() -> None:
    week = [0] * 168
    week[5 * 24 + 3], week[5 * 24 + 4] = 100, 60  # Saturday 03:00 and 04:00 in Berlin
    zone = ZoneInfo("Europe/Berlin")
    assert cost_between(week, SATURDAY, SATURDAY + dt.timedelta(hours=4), zone) == 160
    half = dt.timedelta(minutes=30)
    assert cost_between(week, SATURDAY + half, SATURDAY + 3 * half, zone) == 80
    gap = GapFacts("once", SATURDAY, SATURDAY + dt.timedelta(hours=4), Hour(160, 240))
    (hole,) = readiness_of(Prepared(schedules=(ScheduleFacts(1, "Night", (gap,)),))).holes
    assert hole.price is not None
    assert plain(hole.price) == "What breaks then waits up to 4 hours: about MoneyRange(low=160, high=240)."


@pytest.mark.parametrize(
    ("name", "lasts", "cost", "expected"),
    [
        ("", 8, Hour(800, 1600), "Until somebody steps forward nobody decides. If something stands still for all of "
                                 "these 8 hours: about MoneyRange(low=800, high=1600)."),
        ("", 8, Hour(None, None), "Until somebody steps forward nobody decides."),
        ("", 0, Hour(None, None), "Until somebody steps forward nobody decides."),
        ("Ben", 8, Hour(800, 1600), "Until somebody steps forward nobody decides."),  # somebody is asked
    ],
)  # fmt: skip
def test_a_role_without_anybody_is_priced_where_its_hours_are_known(
    name: str, lasts: int, cost: Hour, expected: str
) -> None:
    role = RoleFacts("role:x", "owner", "nobody owns it", name, "", "Saturday", True, None, 0, lasts, cost)
    (hole,) = readiness_of(Prepared(roles=(role,))).holes
    assert hole.price is not None and plain(hole.price) == expected


FACTS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.datetimes(timezones=st.just(dt.UTC)),
    st.builds(Count, st.integers(), st.text(), st.text()), st.builds(Money, st.integers()),
    st.builds(MoneyRange, st.integers(), st.integers()), st.builds(Term, st.text()),
)  # fmt: skip
SENTENCES = st.builds(Say, st.text(), st.dictionaries(st.text(), FACTS))


@settings(max_examples=12)
@given(SENTENCES, SENTENCES | st.none(), st.datetimes(timezones=st.just(dt.UTC)) | st.none())
def test_a_hole_is_kept_as_json_and_told_as_it_was(sentence: Say, price: Say | None, ends: dt.datetime | None) -> None:
    hole = Hole("gap:1", "people", sentence, price, "flow", "checkout", sentence, 1, 6200, ends)
    assert told_hole(json.loads(json.dumps(kept_hole(hole)))) == hole


def test_a_fact_of_another_kind_is_kept_as_its_text() -> None:
    assert told(kept(Say("{day}", {"day": SATURDAY.date()}))) == Say("{day}", {"day": "2026-11-21"})


@pytest.mark.parametrize(("n", "holes"), [(20, 20), (21, 1), (10_000, 1)])
def test_many_customers_without_a_number_are_one_hole(n: int, holes: int) -> None:
    first = tuple((number, f"Shop {number}") for number in range(20))
    found = readiness_of(Prepared(phones=PhoneFacts(3, n, first)))
    assert (len(found.holes), found.holds) == (holes, 3)
    if holes == 1:
        (hole,) = found.holes
        words = f"{n:,} customers with a contract have no telephone number, Shop 0 among them."
        assert (plain(hole.sentence), hole.page, hole.slug) == (words, "customers", "")
