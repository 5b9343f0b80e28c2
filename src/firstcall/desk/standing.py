"""How open incidents stand: what the queue, the room and Now read, gathered in a known number of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from firstcall.detect.queries.group import firing
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import clocks_of, last_updates
from firstcall.inform.rules.cadence import Clock
from firstcall.people.models.user import User
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.respond.models.care_check import CareCheck
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.handover import Handover
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.models.need import Need
from firstcall.respond.models.question import Question
from firstcall.respond.models.ring import Ring
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.queries.care_check import open_care_checks
from firstcall.respond.queries.decision import decisions_of
from firstcall.respond.queries.escalation import latest_escalations
from firstcall.respond.queries.handover import open_handovers
from firstcall.respond.queries.incident import rooms_for
from firstcall.respond.queries.look_in import open_look_ins
from firstcall.respond.queries.need import open_needs
from firstcall.respond.queries.question import open_questions
from firstcall.respond.queries.ring import open_rings
from firstcall.respond.queries.role import holdings_of
from firstcall.respond.queries.severity import proposed_anew
from firstcall.respond.rules.care_check import FIRST_AFTER
from firstcall.respond.rules.role import Held, empty_roles, roles_answered


@dataclass(frozen=True, slots=True)
class Coming:
    """A word that is promised to an audience, and the audience's name; `state` as its clock says."""

    audience: str
    name: str
    due_at: dt.datetime
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One incident with what people do in it.

    `rule` is its row of the severity table, `told` the state each audience was told last (one that was told nothing is
    not in it), `postmortem` its postmortem's state ("": there is none); `fires`: alerts of it do although it is over.
    `proposed` is another severity and its reason, by a flow that became known after the present one was said;
    `same` are open rooms that it may be the same as, while it is in triage.
    """

    incident: Incident
    rule: SeverityFacts
    holdings: tuple[RoleHolding, ...]
    needs: tuple[Need, ...]
    decisions: tuple[Decision, ...]
    look_ins: tuple[LookIn, ...]
    care_checks: tuple[CareCheck, ...]
    handovers: tuple[Handover, ...]
    questions: tuple[Question, ...]
    rings: tuple[Ring, ...]
    escalation: Escalation | None
    clocks: tuple[Clock, ...]
    told: Mapping[str, str]
    postmortem: str
    fires: bool
    proposed: tuple[int, str] | None
    same: tuple[Incident, ...]

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(Held(one.role, one.user_id) for one in self.holdings)

    @property
    def owner(self) -> User | None:
        return next((one.user for one in self.holdings if one.role == "owner"), None)

    def empty(self) -> tuple[str, ...]:
        """Roles this severity asks for and nobody holds."""
        return empty_roles(self.rule.roles, self.held)

    def next_word(self, audience: str = "") -> Coming | None:
        """What is promised first, to one audience or to any; None when nothing is."""
        due = [(one.due_at, one) for one in self.clocks if one.due_at and audience in ("", one.audience)]
        if not due:
            return None
        at, clock = min(due, key=lambda one: (one[0], one[1].audience))
        return Coming(clock.audience, str(Audience(clock.audience).label), at, clock.state)

    def roles_of(self, user: User) -> frozenset[str]:
        """The roles this person answers for."""
        return roles_answered(user.pk, self.rule.roles, self.held)


def standings(incidents: Sequence[Incident], *, viewer: User, now: dt.datetime) -> list[Standing]:
    """How each stands, in the order given. Sixteen statements at most, however many there are, and two more for each
    in triage, or whose flow became known after its severity."""
    numbers = [incident.pk for incident in incidents]
    table = rules()
    holdings = holdings_of(numbers, viewer=viewer)
    needs = open_needs(numbers, viewer=viewer)
    decisions = decisions_of(numbers, viewer=viewer)
    look_ins = open_look_ins(numbers, viewer=viewer, now=now)
    long = [incident.pk for incident in incidents if now - incident.opened_at >= FIRST_AFTER]
    care_checks = open_care_checks(long, viewer=viewer) if long else []
    handovers = open_handovers(numbers, viewer=viewer)
    questions = open_questions(numbers, viewer=viewer)
    rings = open_rings(numbers, viewer=viewer)
    escalations = latest_escalations(numbers, viewer=viewer)
    last = last_updates(incidents)
    clocks = clocks_of(incidents, now=now, last=last, table=table, holdings=holdings)
    after = _after([incident for incident in incidents if not incident.is_open])
    return [
        Standing(
            incident=incident,
            rule=table[incident.severity],
            holdings=tuple(one for one in holdings if one.incident_id == incident.pk),
            needs=tuple(one for one in needs if one.incident_id == incident.pk),
            decisions=tuple(one for one in decisions if one.incident_id == incident.pk),
            look_ins=tuple(one for one in look_ins if one.incident_id == incident.pk),
            care_checks=tuple(one for one in care_checks if one.incident_id == incident.pk),
            handovers=tuple(one for one in handovers if one.incident_id == incident.pk),
            questions=tuple(one for one in questions if one.incident_id == incident.pk),
            rings=tuple(one for one in rings if one.incident_id == incident.pk),
            escalation=escalations.get(incident.pk),
            clocks=tuple(clocks[incident.pk]),
            told={audience: word.state for audience, word in last[incident.pk].items()},
            postmortem=after.get(incident.pk, ("", False))[0],
            fires=after.get(incident.pk, ("", False))[1],
            proposed=proposed_anew(incident, now=now),
            same=tuple(rooms_for(incident, viewer=viewer)),
        )
        for incident in incidents
    ]


def _after(over: Sequence[Incident]) -> dict[int, tuple[str, bool]]:
    """Of incidents that are over the state of the postmortem, "" for none, and whether they fire. One statement."""
    if not over:
        return {}
    fires = Exists(firing().filter(group__incident=OuterRef("pk")))
    rows = Incident.objects.filter(pk__in=[incident.pk for incident in over]).annotate(fires=fires)
    found = rows.values_list("pk", "postmortem__state", "fires")
    return {number: (state or "", still) for number, state, still in found}
