"""Saying what one lacks, and that it is there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.commands.look_in import answer_look_in
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.need import Need
from firstcall.respond.rules.need import due_of


def ask_need(
    *,
    incident: Incident,
    what: str,
    asked_by: User,
    with_whom: User | None,
    by: Actor,
    now: dt.datetime,
    blocks: bool = True,
) -> Need:
    """Ask for something; it turns late after five minutes when it blocks, half an hour otherwise.

    Raises Refused when it says nothing.
    """
    what = " ".join(what.split())
    if not what:
        raise Refused(_("Say what you need."), field="what")
    with transaction.atomic():
        need = Need.objects.create(
            incident=incident,
            what=what[:200],
            asked_by=asked_by,
            with_whom=with_whom,
            blocks=blocks,
            asked_at=now,
            due_at=due_of(now, blocks=blocks),
        )
        record(
            events.NEED_ASKED,
            by=by,
            now=now,
            subject=f"need:{need.pk}",
            incident=incident.pk,
            what=need.what,
            with_words=_(", from {name}").format(name=with_whom.name) if with_whom else "",
            with_id=with_whom.pk if with_whom else None,
            asked_by=asked_by.name,
            blocks=blocks,
        )
        for look_in in incident.look_ins.filter(asked=asked_by, ended_at=None):
            answer_look_in(look_in=look_in, blocked=True, by=by, now=now)
    return need


def meet_need(*, need: Need, by: Actor, now: dt.datetime) -> Need:
    """It is there. Saying so twice changes nothing."""
    with transaction.atomic():
        row = Need.objects.select_for_update().get(pk=need.pk)
        if row.met_at is not None:
            return row
        row.met_at, row.met_by_id = now, by.id
        row.save(update_fields=["met_at", "met_by"])
        record(
            events.NEED_MET,
            by=by,
            now=now,
            subject=f"need:{row.pk}",
            incident=row.incident_id,
            what=row.what,
            minutes=int((now - row.asked_at).total_seconds() // 60),
        )
    return row
