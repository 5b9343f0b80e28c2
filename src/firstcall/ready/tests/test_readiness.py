"""Holes come with their price, the dearest first; what holds counts one; people take holes upon them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import Money, MoneyRange, plain
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.customer import add_customer, change_customer
from firstcall.ready.commands.readiness import accept_hole, give_hole, keep_day, reopen_hole
from firstcall.ready.commands.sample import load_sample
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.readiness import HoleCare, ReadinessDay
from firstcall.ready.queries.readiness import Seen, cares, days, is_kept, mended, readiness
from firstcall.ready.rules.holes.facts import (
    FlowFacts,
    GapFacts,
    PathFacts,
    PhoneFacts,
    Prepared,
    ProviderFacts,
    ScheduleFacts,
)
from firstcall.ready.rules.holes.hole import Hole
from firstcall.ready.rules.readiness import Readiness, Share, readiness_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TODAY = NOW.date()
SATURDAY = dt.datetime(2026, 11, 21, 1, tzinfo=dt.UTC)
CHECKOUT = FlowFacts("checkout", "Checkout", "critical", True, 6200)
REFUNDS = FlowFacts("refunds", "Refunds", "important", False, 500)
WHOLE = Prepared(
    flows=(CHECKOUT,), schedules=(ScheduleFacts(1, "Night"),), paths=(PathFacts(1, "Night", "Ben", 1, 5),),
    providers=(ProviderFacts(1, "CardGate", "", "provider", "cardgate", ("checkout",)),),
    phones=PhoneFacts(1), sources=1,
)  # fmt: skip


def dress(fact: object) -> str:
    if isinstance(fact, MoneyRange):
        return "–".join(dict.fromkeys((f"€{fact.low:,}", f"€{fact.high:,}")))
    if isinstance(fact, Money):
        return f"€{fact.amount:,}"
    return f"{fact:%a %H:%M}" if isinstance(fact, dt.datetime) else str(fact)


def told(found: Readiness) -> list[tuple[str, str, str, str]]:
    return [
        (plain(one.sentence, dress), plain(one.price, dress) if one.price else "", one.page, one.slug)
        for one in found.holes
    ]


def test_what_is_prepared_has_no_hole_and_a_hundred() -> None:
    found = readiness_of(WHOLE)
    assert (found.holes, found.holds, found.of, found.score) == ((), 18, 18, 100)
    assert found.shares == (
        Share("people", 6, 6), Share("needs", 3, 3), Share("alerts", 2, 2), Share("words", 4, 4), Share("true", 3, 3),
    )  # fmt: skip


def test_where_nothing_is_registered_there_is_no_score() -> None:
    assert (readiness_of(Prepared()).score, readiness_of(Prepared()).holes) == (None, ())


def test_the_dearest_comes_first_with_its_price_and_the_page_that_mends_it() -> None:
    night = ScheduleFacts(1, "Night", (GapFacts("once", SATURDAY, SATURDAY + dt.timedelta(hours=4)),))
    gate = ProviderFacts(4, "CardGate", "Payments", "component", "payments", ("checkout", "refunds"))
    found = readiness_of(
        Prepared(
            flows=(REFUNDS, CHECKOUT), schedules=(night,), paths=(PathFacts(3, "Day", "Ben", 0, 5),),
            providers=(gate,), phones=PhoneFacts(0, 1, ((9, "Harbour Grill"),)), sources=1,
        )
    )  # fmt: skip
    assert told(found) == [
        ("CardGate has no fallback; Checkout and Refunds stop with it.", "About €6,700 an hour.", "component",
         "payments"),
        ("Nobody is on call for Night from Sat 01:00 until Sat 05:00.", "What breaks then waits up to 4 hours.",
         "schedule", "1"),
        ("Nobody stands behind Ben on Day.", "If Ben does not answer, the path ends after 5 minutes.", "path_edit",
         "3"),
        ("Nobody is woken for Refunds: it has no escalation path.", "About €500 an hour.", "flow_edit", "refunds"),
        ("Harbour Grill has a contract but no telephone number.", "You would look for it at night.", "customer_edit",
         "9"),
    ]  # fmt: skip
    assert (found.holds, found.of, found.score) == (17, 22, 77)


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        ({"cost_per_hour": None}, "What an hour of Checkout costs is not known."),
        ({"has_owner": False}, "Nobody owns Checkout."),
        ({"has_repair": False}, "Nobody is named who can repair Checkout."),
        ({"has_words": False}, "No words for customers are ready for Checkout."),
    ],
)
def test_what_is_missing_at_a_flow(flow: dict[str, None], sentence: str) -> None:
    changed = dataclasses.replace(CHECKOUT, **flow)  # type: ignore[arg-type]
    found = readiness_of(dataclasses.replace(WHOLE, flows=(changed,)))
    assert [(one[0], one[2], one[3]) for one in told(found)] == [(sentence, "flow_edit", "checkout")]
    assert (found.holds, found.of) == (17, 18)


def test_many_flows_are_counted_and_one_is_named() -> None:
    flows = tuple(FlowFacts(f"f{n}", f"F{n}", "critical", True, 100) for n in range(4))
    gate = ProviderFacts(1, "CardGate", "Payments", "component", "payments", tuple(flow.slug for flow in flows))
    one = readiness_of(Prepared(flows=flows[:1], providers=(gate,), sources=1))
    four = readiness_of(Prepared(flows=flows, providers=(gate,), sources=1))
    assert told(one)[0][0] == "CardGate has no fallback; F0 stops with it."
    assert told(four)[0][:2] == ("CardGate has no fallback; F0 and 3 more flows stop with it.", "About €400 an hour.")


def test_nobody_on_call_at_all_and_no_source() -> None:
    endless = ScheduleFacts(1, "Night", (GapFacts("once", SATURDAY, None),))
    found = readiness_of(dataclasses.replace(WHOLE, schedules=(endless,), sources=0))
    assert [one[0] for one in told(found)] == [
        "No source of alerts is connected: customers would notice first.",
        "Nobody is on call for Night from Sat 01:00 on.",
    ]
    assert [hole.key for hole in found.holes] == ["sources", "gap:1"]


def test_a_minor_flow_asks_for_nothing() -> None:
    minor = FlowFacts("reports", "Reports", "minor", False, None, False, False, False)
    gate = ProviderFacts(1, "Disk", "Reports", "flow", "reports", ("reports",))
    assert readiness_of(Prepared(flows=(minor,), providers=(gate,), sources=1)).holes == ()


def keys(found: Readiness) -> set[str]:
    return {hole.key.partition(":")[0] for hole in found.holes}


def test_the_sample_company_has_holes_that_can_be_mended(cast: Cast) -> None:
    load_sample(by=MACHINE, now=NOW, people=[cast.ada, cast.ben])
    found = readiness(seen=Seen(0), now=NOW)
    first = plain(found.holes[0].sentence)
    assert first == "CardGate has no fallback; Checkout, Payouts and Refunds stop with it."
    assert (found.holes[0].cost, found.holes[0].page, found.holes[0].slug) == (7900, "component", "payments")
    assert keys(found) == {
        "fallback", "sources", "words", "phone", "confirm", "owed", "steps", "call", "unread", "way", "drill", "role",
        "leadership",
    }  # fmt: skip
    grill = next(hole for hole in found.holes if hole.key.startswith("phone:"))
    customer = grill.key.partition(":")[2]
    change_customer(customer=Customer.objects.get(pk=customer), phone=" +49 30  5550 ", by=MACHINE, now=NOW)
    assert Customer.objects.get(pk=customer).phone == "+49 30 5550"
    assert "phone" not in keys(readiness(seen=Seen(1), now=NOW))
    assert readiness(seen=Seen(1), now=NOW).holds == found.holds + 2


def test_a_gap_keeps_its_name_while_it_is_under_way(cast: Cast) -> None:
    Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", cost_per_hour=10, owner=cast.ada)
    turns = Layer((cast.ben,), dt.time(9), dt.date(2026, 11, 21))
    night = set_schedule(name="Night", zone="UTC", layers=[turns], by=MACHINE, now=NOW)
    before = [hole.key for hole in readiness(seen=Seen(1), now=NOW).holes if hole.key.startswith("gap")]
    after = [hole.key for hole in readiness(seen=Seen(1), now=NOW + 3 * DAY / 8).holes if hole.key.startswith("gap")]
    assert before == after == [f"gap:{night.pk}:2026-11-21T09:00"]


def test_a_telephone_number_has_digits(cast: Cast) -> None:
    customer = add_customer(name="Bakery Union", flows=[], contract=True, by=MACHINE, now=NOW)
    with pytest.raises(Refused) as refused:
        change_customer(customer=customer, phone="later", by=MACHINE, now=NOW)
    assert refused.value.field == "phone"
    customer.refresh_from_db()
    assert customer.phone == ""


def hole_of(cast: Cast) -> Hole:
    Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", cost_per_hour=6200)
    return next(hole for hole in readiness(seen=Seen(1), now=NOW).holes if hole.key == "path:checkout")


def test_a_hole_gets_a_person_and_a_day_then_is_accepted_then_opened_again(cast: Cast) -> None:
    hole, by = hole_of(cast), actor_of(cast.ada)
    give_hole(hole=hole, person=cast.ben, due=TODAY + 14 * DAY, by=by, now=NOW)
    care = cares()["path:checkout"]
    assert (care.person, care.due, care.accepted_until) == (cast.ben, TODAY + 14 * DAY, None)
    accept_hole(hole=hole, reason="It goes away in May", until=TODAY + 30 * DAY, person=cast.ada, by=by, now=NOW)
    care = cares()["path:checkout"]
    assert (care.person, care.due, care.accepted_by, care.reason) == (None, None, cast.ada, "It goes away in May")
    assert readiness(seen=Seen(1), now=NOW).holes[0] == hole  # its place and its price stay
    reopen_hole(hole=hole, by=by, now=NOW)
    reopen_hole(hole=hole, by=by, now=NOW)
    assert cares() == {}
    kinds = Entry.objects.filter(kind__startswith="hole.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["hole.given", "hole.accepted", "hole.reopened"]


def test_what_is_refused_of_a_hole(cast: Cast) -> None:
    hole, by = hole_of(cast), actor_of(cast.ada)
    with pytest.raises(Refused, match="still to come"):
        give_hole(hole=hole, person=cast.ben, due=TODAY - DAY, by=by, now=NOW)
    with pytest.raises(Refused, match="within a year"):
        accept_hole(hole=hole, reason="Too dear", until=TODAY + 400 * DAY, person=cast.ada, by=by, now=NOW)
    with pytest.raises(Refused, match="Say why"):
        accept_hole(hole=hole, reason="  ", until=TODAY + DAY, person=cast.ada, by=by, now=NOW)
    cast.ben.is_active = False
    with pytest.raises(Refused, match="no longer has an account"):
        give_hole(hole=hole, person=cast.ben, due=TODAY + DAY, by=by, now=NOW)
    assert not HoleCare.objects.exists()
    assert not Entry.objects.filter(kind__startswith="hole.").exists()


def test_a_day_is_kept_once(cast: Cast) -> None:
    hole_of(cast)
    found = readiness(seen=Seen(0), now=NOW)
    assert not is_kept(now=NOW)
    assert [keep_day(readiness=found, now=NOW), keep_day(readiness=found, now=NOW + DAY / 4)] == [True, False]
    assert is_kept(now=NOW)
    (row,) = days(now=NOW)
    assert (row.day, row.holds, row.of) == (TODAY, found.holds, found.of)
    assert {"key": "path:checkout", "text": "Nobody is woken for Checkout: it has no escalation path.", "ends": ""} in (
        row.holes
    )


def test_what_was_open_this_week_and_is_no_more_was_mended(cast: Cast) -> None:
    kept = [
        (8, [{"key": "old", "text": "Long ago.", "ends": ""}]),
        (3, [{"key": "a", "text": "A.", "ends": ""}, {"key": "b", "text": "B.", "ends": ""}]),
        (2, [{"key": "a", "text": "A.", "ends": ""}]),
        (1, [{"key": "gone", "text": "Over by itself.", "ends": (NOW - DAY / 2).isoformat()}]),
        (0, [{"key": "filled", "text": "Filled.", "ends": (NOW + DAY).isoformat()}]),
    ]
    for ago, holes in kept:
        ReadinessDay.objects.create(day=TODAY - ago * DAY, holds=1, of=2, holes=holes)
    found = mended((), days(now=NOW), now=NOW)
    assert [(one.text, one.last) for one in found] == [
        ("Filled.", TODAY), ("A.", TODAY - 2 * DAY), ("B.", TODAY - 3 * DAY)
    ]  # fmt: skip
