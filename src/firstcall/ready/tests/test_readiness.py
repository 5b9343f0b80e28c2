"""Holes come with their price, the dearest first; what is whole has none."""

from __future__ import annotations

import dataclasses
import datetime as dt

from firstcall.kernel.say import Money, plain
from firstcall.ready.rules.readiness import FlowFacts, Gap, Hole, holes_of

SATURDAY = dt.datetime(2026, 11, 21, 1, tzinfo=dt.UTC)
CHECKOUT = FlowFacts("checkout", "Checkout", "critical", True, 6200)


def dress(fact: object) -> str:
    if isinstance(fact, Money):
        return f"€{fact.amount:,}"
    return f"{fact:%a %H:%M}" if isinstance(fact, dt.datetime) else str(fact)


def told(holes: list[Hole]) -> list[tuple[str, str]]:
    return [(plain(one.sentence, dress), plain(one.price, dress) if one.price else "") for one in holes]


def test_what_is_prepared_has_no_hole() -> None:
    assert holes_of([CHECKOUT], gaps=[], silent=[], sources=1) == []


def test_the_dearest_comes_first_with_its_price() -> None:
    refunds = FlowFacts("refunds", "Refunds", "important", False, 500)
    checkout = dataclasses.replace(CHECKOUT, single=("CardGate",))
    gap = Gap("Night", SATURDAY, SATURDAY + dt.timedelta(hours=4))
    assert told(holes_of([refunds, checkout], gaps=[gap], silent=["Harbour Grill"], sources=1)) == [
        ("Nobody is on call for Night from Sat 01:00 until Sat 05:00.", "What breaks then waits up to 4 hours."),
        ("CardGate has no fallback; Checkout stops with it.", "About €6,200 an hour."),
        ("Nobody is woken for Refunds: it has no escalation path.", "About €500 an hour."),
        ("Harbour Grill has a contract but no telephone number.", "You would look for it at night."),
    ]


def test_what_is_not_known_and_not_watched_is_a_hole() -> None:
    unknown = dataclasses.replace(CHECKOUT, cost_per_hour=None)
    assert told(holes_of([unknown], gaps=[], silent=[], sources=0)) == [
        ("No source of alerts is connected: customers would notice first.", ""),
        ("What an hour of Checkout costs is not known.", ""),
    ]


def test_a_minor_flow_asks_for_nothing() -> None:
    minor = FlowFacts("reports", "Reports", "minor", False, None, ("Disk",))
    assert holes_of([minor], gaps=[], silent=[], sources=1) == []
    assert holes_of([], gaps=[], silent=[], sources=0) == []
