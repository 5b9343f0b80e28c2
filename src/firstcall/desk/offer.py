"""Which open incident a call or a report is about: offered first, chosen unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from firstcall.respond.models.incident import Incident

NONE = ""  # what a form sends for 'about none of these'


@dataclass(frozen=True, slots=True)
class Offer:
    """`incidents` are worked on, the likeliest first; `chosen` takes it. `apart`: somebody said that it is none.

    `usual` is what is chosen unless a person says otherwise: a number, or nothing for none.
    """

    incidents: tuple[Incident, ...] = ()
    chosen: Incident | None = None
    apart: bool = False
    usual: str = NONE


def offer_of(
    open_: Sequence[Incident],
    given: QueryDict,
    *,
    flows: Collection[int],
    otherwise: Collection[int] = (),
    saving: bool = False,
) -> Offer:
    """What to offer somebody who named `flows`, or whose own flows are `otherwise`.

    The gravest of a named flow is chosen by itself; one of `otherwise` only while no flow is named. In `given`,
    `incident` is what the form has marked, `offered` what we had marked there: only what a person changed outlasts
    another flow. When `saving`, what stands marked holds.
    """
    of_named = [one for one in open_ if one.flow_id in flows]
    of_others = [one for one in open_ if one.flow_id in otherwise and one not in of_named]
    offered = (*of_named, *of_others)
    first = next(iter(of_named), None) or (next(iter(of_others), None) if not flows else None)
    usual = str(first.pk) if first else NONE
    said, ours = given.get("incident"), given.get("offered")
    if offered and said is not None and (saving or said != ours):
        for one in offered:
            if str(one.pk) == said:
                return Offer(offered, one, usual=usual)
        if said == NONE:
            return Offer(offered, apart=said != ours, usual=usual)
    return Offer(offered, first, usual=usual)
