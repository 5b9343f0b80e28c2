"""Who must hear when."""

from __future__ import annotations

import datetime as dt

from firstcall.inform.models.update import Audience, Update
from firstcall.inform.rules.cadence import Clock, clock
from firstcall.ready.queries.severity import rule_of
from firstcall.respond.models.incident import Incident


def last_updates(incident: Incident) -> dict[str, Update]:
    """The last word each audience got. One statement. The caller has checked who may see the incident."""
    return {update.audience: update for update in incident.updates.order_by("number")}


def audience_clocks(incident: Incident, *, now: dt.datetime) -> list[Clock]:
    """One clock an audience, the one due first on top; those without a promise last. Two statements."""
    rule, last = rule_of(incident.severity), last_updates(incident)
    clocks = []
    for audience in Audience.values:
        word = last.get(audience)
        clocks.append(
            clock(
                audience=audience,
                rule=rule,
                began_at=incident.opened_at,
                last_at=word.at if word else None,
                promised_at=word.next_due_at if word else None,
                open_=incident.is_open,
                now=now,
            )
        )
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(clocks, key=lambda one: (one.due_at or far, one.audience))


def public_state(incident: Incident) -> str | None:
    """What the last public update said; None when the public was told nothing. One statement."""
    return incident.updates.filter(audience=Audience.PUBLIC).order_by("-number").values_list("state", flat=True).first()
