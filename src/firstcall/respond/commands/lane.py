"""Lanes: telling those who are not on call, once each, when what opens them is so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.user import User
from firstcall.ready.models.lane import LaneKind, LaneWhen
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.lane import people_of_lane, vendors_of
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.rules.lane import Around, decide_lane, lane_facts, opens_at
from firstcall.respond import events
from firstcall.respond.commands.ring import ask_ring
from firstcall.respond.commands.told import tell
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.lane import around
from firstcall.respond.rules.page import rank_of

LANE = "respond.lane"


def plan_lanes(*, escalation: Escalation, begins: dt.datetime, now: dt.datetime) -> None:
    """A job for each lane that has not opened, due when it is decided. The same instant is planned once."""
    rule = rule_of(escalation.incident.severity)
    for index, lane in enumerate(escalation.plan.get("lanes", ())):
        due = max(now, opens_at(lane_facts(lane, rule), begins=begins))
        if index not in escalation.lanes_opened:
            plan_job(
                LANE, key=f"escalation:{escalation.pk}:lane:{index}:{due.isoformat()}", now=now, due=due,
                payload={"escalation": escalation.pk, "lane": index}, subject=f"lanes:{escalation.pk}",
                rank=rank_of(escalation.incident.severity),
            )  # fmt: skip


def rethink_lanes(*, incident: Incident, now: dt.datetime) -> None:
    """The severity is another one, or who is hit, or a provider is unwell: what did not open is decided again."""
    newest = incident.escalations.order_by("-generation").first()
    if newest is not None and newest.state != EscalationState.ENDED:
        newest.incident = incident
        waits = newest.step == -1 and newest.next_at is not None
        plan_lanes(escalation=newest, begins=newest.next_at if waits and newest.next_at else newest.started_at, now=now)


def run_lane(*, escalation_id: int, index: int, now: dt.datetime) -> None:
    """Open one lane if it should be and has not: its people are told, by every way they have, and asked for nothing."""
    with transaction.atomic():
        escalation = (
            Escalation.objects.select_for_update(of=("self",)).select_related("incident__flow").get(pk=escalation_id)
        )
        waits = escalation.step == -1 and escalation.state == EscalationState.RUNNING
        if index in escalation.lanes_opened or (waits and escalation.next_at is not None and escalation.next_at > now):
            return
        incident, lane = escalation.incident, escalation.plan["lanes"][index]
        near = around(incident, now=now)
        opening = decide_lane(
            lane_facts(lane, rule_of(incident.severity)), severity=incident.severity, is_open=incident.is_open,
            answered=escalation.state == EscalationState.ACKNOWLEDGED, around=near,
        )  # fmt: skip
        if not opening.opens:
            return
        escalation.lanes_opened = [*escalation.lanes_opened, index]
        escalation.save(update_fields=["lanes_opened"])
        _open(escalation, lane, index, speak(opening.reason), near, now=now)


def _open(
    escalation: Escalation, lane: dict[str, Any], index: int, reason: str, near: Around, *, now: dt.datetime
) -> None:
    incident = escalation.incident
    people = people_of_lane(lane, flow=incident.flow, at=now)
    why = _("You are told because {reason}. You need not answer.").format(reason=reason)
    if lane["kind"] == LaneKind.VENDOR:
        vendors = vendors_of(incident.flow)
        if lane.get("when") == LaneWhen.PROVIDER:
            vendors = [one for one in vendors if one.name in near.providers]
        why = _ring(incident, vendors, people[0] if people else None, reason, now=now)
    for user in people:
        tell(incident=incident, user=user, why=why, key=f"{escalation.generation}:lane{index}", now=now)
    record(
        events.LANE_OPENED, by=MACHINE, now=now, subject=f"escalation:{escalation.pk}", incident=incident.pk,
        who=str(LaneKind(lane["kind"]).label), names=", ".join(user.name for user in people) or _("nobody"),
        reason=reason,
    )  # fmt: skip


def _ring(
    incident: Incident, vendors: list[Provider], asked: User | None, reason: str, *, now: dt.datetime
) -> str:  # fmt: skip
    """Have somebody ring these providers, and the words for them. Of an exercise nobody is rung."""
    calls = "; ".join(_vendor(one) for one in vendors) or _("the provider")
    if incident.practice:
        return _("In earnest you would ring {whom}: {reason}.").format(whom=calls, reason=reason)
    for one in vendors:
        ask_ring(incident=incident, provider=one, asked=asked, now=now)
    return _("Please ring {whom}: {reason}.").format(whom=calls, reason=reason)


def _vendor(one: Provider) -> str:
    contract = one.contract and _("contract {n}").format(n=one.contract)
    return ", ".join(part for part in (one.name, contract, one.phone) if part)
