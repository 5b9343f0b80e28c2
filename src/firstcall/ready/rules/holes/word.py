"""Holes in numbers to ring, and no source of alerts at all."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.rules.holes.facts import Prepared
from firstcall.ready.rules.holes.hole import Hole, Looked


def word_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each contract, and whether anything tells us at all."""
    for customer in prepared.customers:
        hole = Hole(
            f"phone:{customer.number}", "words",
            say(_("{customer} has a contract but no telephone number."), customer=customer.name),
            say(_("You would look for it at night.")), "customer_edit", str(customer.number),
            say(_("Add the number")), 1, 0,
        )  # fmt: skip
        yield "words", None if customer.has_phone else hole
    if prepared.flows:
        dearest = max(flow.cost_per_hour or 0 for flow in prepared.flows)
        sentence = say(_("No source of alerts is connected: customers would notice first."))
        hole = Hole("sources", "alerts", sentence, None, "sources", "", say(_("Connect one")), 0, dearest)
        yield "alerts", None if prepared.sources else hole
