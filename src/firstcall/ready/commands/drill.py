"""Planning a game day, beginning it in a room of practice, and noting what it showed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.events import DRILL_DONE, DRILL_PLANNED
from firstcall.ready.models.component import Component
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.readiness import today
from firstcall.ready.rules.drill import Walked

MOST_SIGNS = 4000
PARTS: dict[str, type[Flow | Component | Provider]] = {"flow": Flow, "component": Component, "provider": Provider}


def plan_drill(
    *, flow: Flow, day: dt.date, leader: User, pretend: str, by: Actor, now: dt.datetime, pages: bool = False
) -> Drill:
    """Plan it. Raises Refused for a day that is over, for a leader who left, and when nothing is pretended."""
    pretend = " ".join(pretend.split())
    if not pretend:
        raise Refused(_("Say what we pretend is broken."), field="pretend")
    if day < today(now):
        raise Refused(_("Choose a day that is still to come."), field="day")
    if not leader.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=leader.name), field="leader")
    with transaction.atomic():
        drill = Drill.objects.create(flow=flow, day=day, leader=leader, pretend=pretend[:160], pages=pages)
        record(
            DRILL_PLANNED, by=by, now=now, subject=f"drill:{drill.pk}", flow=flow.name, day=day.isoformat()
        )  # fmt: skip
    return drill


def note_begun(*, drill: Drill, incident: int, now: dt.datetime) -> None:
    """Its room is open. Within the transaction that opens it; raises Refused when it has begun already."""
    if not Drill.objects.filter(pk=drill.pk, begun_at=None).update(begun_at=now, incident=incident):
        raise Refused(_("This game day has begun already."))
    drill.begun_at, drill.incident = now, incident


def finish_drill(
    *,
    drill: Drill,
    findings: str,
    by: Actor,
    now: dt.datetime,
    walked: Sequence[Walked] = (),
    tried: Collection[str] = (),
) -> None:
    """It is over. `walked` are the first steps with their ticks, `tried` the parts ('noun:id') whose steps were walked.

    Raises Refused before it began or when it is over.
    """
    with transaction.atomic():
        row = Drill.objects.select_for_update().get(pk=drill.pk)
        if row.begun_at is None:
            raise Refused(_("Begin it first."))
        if row.done_at is not None:
            raise Refused(_("This game day is over already."))
        lines = [line.strip() for line in findings[:MOST_SIGNS].splitlines() if line.strip()]
        row.done_at, row.findings = now, "\n".join(dict.fromkeys(lines))
        row.walked = [{**asdict(one), "at": one.at.isoformat() if one.at else None} for one in walked]
        row.save(update_fields=["done_at", "findings", "walked"])
        for part in tried:
            noun, _colon, number = part.partition(":")
            PARTS[noun]._default_manager.filter(pk=int(number)).update(first_steps_tried=today(now))
        record(DRILL_DONE, by=by, now=now, subject=f"drill:{row.pk}", flow=drill.flow.name)
    drill.done_at, drill.findings, drill.walked = row.done_at, row.findings, row.walked
