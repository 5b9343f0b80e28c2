"""Who must hear when, and what each audience heard last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from firstcall.inform.models.update import Audience, Update
from firstcall.inform.queries.reach import heard_in
from firstcall.inform.rules.cadence import Clock, clock, fall_together
from firstcall.inform.rules.reach import LIAISON, nobody_hears
from firstcall.inform.rules.status import differs
from firstcall.kernel.say import Say
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


def holdings_in(incidents: Sequence[Incident]) -> list[RoleHolding]:
    """The roles held now in these, with their people. One statement. The caller has checked who may see them."""
    rows = RoleHolding.objects.filter(incident__in=[incident.pk for incident in incidents], until=None)
    return list(rows.select_related("user"))


def people_in(incident: Incident, holdings: Sequence[RoleHolding]) -> int:
    """How many people hold a role in it."""
    return len({one.user_id for one in holdings if one.incident_id == incident.pk})


def clocks_of(
    incidents: Sequence[Incident],
    *,
    now: dt.datetime,
    last: dict[int, Last] | None = None,
    table: Mapping[int, SeverityFacts] | None = None,
    holdings: Sequence[RoleHolding] | None = None,
    full: bool = False,
) -> dict[int, list[Clock]]:
    """For each incident one clock an audience, the one due first on top; those without a promise last.

    At most six statements, however many incidents; `last`, `table` and `holdings` (who holds a role in each, with their
    people) are read when the caller hasn't read them. `full`: as when the room is full, so that nothing falls together.
    """
    if not incidents:
        return {}
    table = rules() if table is None else table
    holdings = holdings_in(incidents) if holdings is None else holdings
    last = last_updates(incidents) if last is None else last
    heard = heard_in(incidents, holdings)
    return {
        incident.pk: _clocks(
            incident,
            table[incident.severity],
            last[incident.pk],
            heard[incident.pk],
            not full and fall_together(people_in(incident, holdings)),
            now=now,
        )
        for incident in incidents
    }


def _clocks(
    incident: Incident, rule: SeverityFacts, last: Last, heard: frozenset[str], together: bool, *, now: dt.datetime
) -> list[Clock]:
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
                heard=audience in heard,
            )
        )
    return sorted(clocks, key=lambda one: (one.due_at or FAR, one.audience))


def audience_clocks(incident: Incident, *, now: dt.datetime) -> list[Clock]:
    """One incident's clocks. Six statements at most."""
    return clocks_of([incident], now=now)[incident.pk]


def public_state(incident: Incident) -> str | None:
    """What the last public update said; None when the public was told nothing. One statement."""
    return incident.updates.filter(audience=Audience.PUBLIC).order_by("-number").values_list("state", flat=True).first()


@dataclass(frozen=True, slots=True)
class Told:
    """An audience: its clock, and the last words it got. `nobody` says why none can reach it, while that is so."""

    audience: str
    label: str
    clock: Clock
    update: Update | None
    nobody: Say | None

    @property
    def liaison(self) -> str:
        """The role that would hear for it, if there is one."""
        return LIAISON.get(self.audience, "")


@dataclass(frozen=True, slots=True)
class Words:
    """All audiences, soonest due first. `public` is what the public was told last; `differs`: the room says another."""

    told: list[Told]
    public: Update | None
    differs: bool


def words_of(incident: Incident, *, now: dt.datetime) -> Words:
    """What the room's region of words shows. Six statements at most."""
    words = last_updates([incident])
    last, flow = words[incident.pk], incident.flow.name if incident.flow else ""
    told = [
        Told(
            one.audience,
            str(Audience(one.audience).label),
            one,
            last.get(one.audience),
            None if one.heard or incident.restricted else nobody_hears(one.audience, flow),
        )
        for one in clocks_of([incident], now=now, last=words)[incident.pk]
    ]
    public = last.get(Audience.PUBLIC)
    return Words(told, public, differs(incident.state, public=public.state if public else None))
