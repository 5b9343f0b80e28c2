"""Holes in numbers to ring, and no source of alerts at all."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.rules.holes.facts import Prepared
from firstcall.ready.rules.holes.hole import Hole, Looked

EACH = 20  # customers without a number that are named one by one; more are one hole


def word_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each contract, and whether anything tells us at all."""
    without = [customer for customer in prepared.customers if not customer.has_phone]
    if len(without) > EACH:
        sentence = say(_("{n} customers with a contract have no telephone number, {customer} among them."),
                       n=f"{len(without):,}", customer=without[0].name)  # fmt: skip
        price = say(_("You would look for it at night."))
        yield "words", Hole("phones", "words", sentence, price, "customers", "", say(_("Add the numbers")), 1, 0)
    for customer in prepared.customers:
        if len(without) > EACH and not customer.has_phone:
            continue
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
