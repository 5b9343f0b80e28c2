"""Holes in numbers to ring, and no source of alerts at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.rules.holes.facts import Prepared
from firstcall.ready.rules.holes.hole import Hole, Looked

EACH = 20  # customers without a number that are named one by one; more are one hole


def word_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each contract, and whether anything tells us at all."""
    phones, price = prepared.phones, say(_("You would look for it at night."))
    if phones.mute > EACH:
        sentence = say(_("{n} customers with a contract have no telephone number, {customer} among them."),
                       n=f"{phones.mute:,}", customer=phones.first[0][1])  # fmt: skip
        yield "words", Hole("phones", "words", sentence, price, "customers", "", say(_("Add the numbers")), 1, 0)
    else:
        for number, name in phones.first:
            sentence = say(_("{customer} has a contract but no telephone number."), customer=name)
            verb = say(_("Add the number"))
            yield "words", Hole(f"phone:{number}", "words", sentence, price, "customer_edit", str(number), verb, 1, 0)
    yield from repeat(("words", None), phones.ringing)
    if prepared.flows:
        dearest = max(flow.cost_per_hour or 0 for flow in prepared.flows)
        sentence = say(_("No source of alerts is connected: customers would notice first."))
        hole = Hole("sources", "alerts", sentence, None, "sources", "", say(_("Connect one")), 0, dearest)
        yield "alerts", None if prepared.sources else hole
