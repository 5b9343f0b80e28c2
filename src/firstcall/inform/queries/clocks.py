"""Who must hear when, and what each audience heard last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from firstcall.inform.models.update import Audience, Update
from firstcall.inform.rules.cadence import Clock, clock, fall_together
from firstcall.inform.rules.status import differs
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding

FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
Last = dict[str, Update]


def last_updates(incidents: Sequence[Incident]) -> dict[int, Last]:
    """The last word each audience of each incident got. One statement. The caller has checked who may see them."""
    newest = Update.objects.filter(incident=OuterRef("incident"), audience=OuterRef("audience")).order_by("-number")
    found: dict[int, Last] = {incident.pk: {} for incident in incidents}
    for update in Update.objects.filter(incident__in=list(found), pk=Subquery(newest.values("pk")[:1])):
        found[update.incident_id][update.audience] = update
    return found


def people_in(incidents: Sequence[Incident]) -> dict[int, int]:
    """How many people hold a role in each. One statement."""
    holdings = RoleHolding.objects.filter(incident__in=[incident.pk for incident in incidents], until=None)
    counts = holdings.values("incident").annotate(people=Count("user", distinct=True)).order_by()
    found = {row["incident"]: row["people"] for row in counts}
    return {incident.pk: found.get(incident.pk, 0) for incident in incidents}


def clocks_of(
    incidents: Sequence[Incident],
    *,
    now: dt.datetime,
    last: dict[int, Last] | None = None,
    table: Mapping[int, SeverityFacts] | None = None,
    people: Mapping[int, int] | None = None,
) -> dict[int, list[Clock]]:
    """For each incident one clock an audience, the one due first on top; those without a promise last.

    At most three statements, however many incidents; `last`, `table` and `people` (how many hold a role in each) are
    read when the caller hasn't read them.
    """
    if not incidents:
        return {}
    table = rules() if table is None else table
    people = people_in(incidents) if people is None else people
    last = last_updates(incidents) if last is None else last
    return {
        incident.pk: _clocks(
            incident, table[incident.severity], last[incident.pk], fall_together(people[incident.pk]), now=now
        )
        for incident in incidents
    }


def _clocks(incident: Incident, rule: SeverityFacts, last: Last, together: bool, *, now: dt.datetime) -> list[Clock]:
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
                together=together,
            )
        )
    return sorted(clocks, key=lambda one: (one.due_at or FAR, one.audience))


def audience_clocks(incident: Incident, *, now: dt.datetime) -> list[Clock]:
    """One incident's clocks. Three statements."""
    return clocks_of([incident], now=now)[incident.pk]


def public_state(incident: Incident) -> str | None:
    """What the last public update said; None when the public was told nothing. One statement."""
    return incident.updates.filter(audience=Audience.PUBLIC).order_by("-number").values_list("state", flat=True).first()


@dataclass(frozen=True, slots=True)
class Told:
    """An audience: its clock, and the last words it got."""

    audience: str
    label: str
    clock: Clock
    update: Update | None


@dataclass(frozen=True, slots=True)
class Words:
    """All audiences, soonest due first. `public` is what the public was told last; `differs`: the room says another."""

    told: list[Told]
    public: Update | None
    differs: bool


def words_of(incident: Incident, *, now: dt.datetime) -> Words:
    """What the room's region of words shows. Three statements."""
    words = last_updates([incident])
    last = words[incident.pk]
    told = [
        Told(one.audience, str(Audience(one.audience).label), one, last.get(one.audience))
        for one in clocks_of([incident], now=now, last=words)[incident.pk]
    ]
    public = last.get(Audience.PUBLIC)
    return Words(told, public, differs(incident.state, public=public.state if public else None))
