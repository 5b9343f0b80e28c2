"""Holes in what we depend on: no fallback, one never tried, a third party nobody watches."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import Count, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.cost import together
from firstcall.ready.rules.holes.facts import Prepared, ProviderFacts
from firstcall.ready.rules.holes.hole import RANK, Hole, Looked, an_hour


def need_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each third party with which a critical or important flow stops."""
    flows = {flow.slug: flow for flow in prepared.flows if RANK[flow.criticality] < 2}
    for provider in prepared.providers:
        stopped = [flows[slug] for slug in provider.stops if slug in flows]
        if not stopped:
            continue
        hour = together(flow.hour for flow in stopped)
        names = [flow.name for flow in stopped]
        more = len(names) - 1
        if more > 2:
            stops = say(
                _("{part} has no fallback; {first} and {more} stop with it."), part=provider.name, first=names[0],
                more=Count(more, _("{n} more flow"), _("{n} more flows")),
            )  # fmt: skip
        elif more:
            stops = say(
                _("{part} has no fallback; {flows} and {last} stop with it."), part=provider.name,
                flows=", ".join(names[:-1]), last=names[-1],
            )  # fmt: skip
        else:
            stops = say(_("{part} has no fallback; {flow} stops with it."), part=provider.name, flow=names[0])
        hole = Hole(
            f"fallback:{provider.number}", "needs", stops, an_hour(hour), provider.page, provider.slug,
            say(_("Note a fallback of {part}"), part=provider.bare), min(RANK[flow.criticality] for flow in stopped),
            hour.least or 0,
        )  # fmt: skip
        yield "needs", hole if provider.bare else None
        if not provider.bare:
            yield "needs", _untested(provider) if provider.untested else None
        unread = Hole(
            f"unread:{provider.number}", "needs", say(_("Nobody watches how {part} is."), part=provider.name),
            say(_("You would search your own side first.")), "provider", provider.own,
            say(_("Note its status page")), 1, 0,
        )  # fmt: skip
        yield "needs", None if provider.watched else unread


def _untested(provider: ProviderFacts) -> Hole:
    sentence = say(
        _("The fallback of {needs} for {part} was not tried within 180 days."), needs=provider.untested,
        part=provider.name,
    )  # fmt: skip
    return Hole(
        f"untested:{provider.number}", "needs", sentence, say(_("It may not hold.")), provider.page, provider.slug,
        say(_("Note when it was tried")), 1, 0,
    )  # fmt: skip
