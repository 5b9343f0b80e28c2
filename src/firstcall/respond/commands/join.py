"""The same outage twice: what wakes people anew goes into the room that is open for it already."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.detect.commands.incident import join_incident
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.respond import events
from firstcall.respond.commands.escalation import end_escalations
from firstcall.respond.commands.incident import note_alerts, subject_of
from firstcall.respond.commands.report import take_report
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.page import Answer, Page


def join_room(*, incident: Incident, into: Incident, by: Actor, now: dt.datetime) -> Incident:
    """What is still in triage is the same as `into`, which is worked on: its alerts, reports and promised calls go
    there, its room closes, and its pages are answered. Twice changes nothing; the row of `into`.

    Raises Refused when it was accepted already, when nobody works on `into` any more, and where it would show what few
    may see, or mix practice with what is real.
    """
    with transaction.atomic():
        rows = {row.pk: row for row in _held(incident.pk, into.pk)}
        row, room = rows[incident.pk], rows[into.pk]
        if row.joined_id == room.pk:
            return room
        _refuse(row, room)
        row.state, row.closed_at, row.joined = State.CLOSED, now, room
        row.save(update_fields=["state", "closed_at", "joined"])
        record(events.JOINED, by=by, now=now, subject=subject_of(row), incident=row.pk, reference=room.reference)
        mine = Page.objects.filter(escalation__incident=row, user=by.id, answer="")
        mine.update(answered_at=now, answer=Answer.JOINED)
        end_escalations(incident=row, by=by, now=now, reason=_("it belongs to {room}").format(room=room.reference))
        for report in Report.objects.filter(incident=row.pk):
            take_report(report=report, incident=room, by=by, now=now)
        CallBack.objects.filter(incident=row, done_at=None).update(incident=room)
        _take_in(list(AlertGroup.objects.filter(incident=row.pk)), room, what=row.reference, by=by, now=now)
    return room


def join_group(*, group: AlertGroup, into: Incident, by: Actor, now: dt.datetime) -> Incident:
    """The alerts of one group go to the room of `into`, and with them what is in triage for them.

    Twice changes nothing. Raises Refused as `join_room` does, and when another room works on it.
    """
    with transaction.atomic():
        row = AlertGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
        if row.incident == into.pk and row.let_go_at is None:
            return into
        now_in = Incident.objects.filter(pk=row.incident).first() if row.incident is not None else None
        if now_in is not None and now_in.is_open and now_in.pk != into.pk:
            return join_room(incident=now_in, into=into, by=by, now=now)
        room = _held(into.pk)[0]
        _refuse_over(room)
        _take_in([row], room, what="", by=by, now=now)
    return room


def _held(*numbers: int) -> list[Incident]:
    return list(Incident.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))


def _refuse(row: Incident, room: Incident) -> None:
    if row.pk == room.pk:
        raise Refused(_("It is in this room already."), field="into")
    if row.state != State.TRIAGE:
        raise Refused(_("{room} was accepted already, and is worked on by itself.").format(room=row.reference))
    _refuse_over(room)
    if row.practice != room.practice or (row.restricted and not room.restricted):
        raise Refused(_("They don’t go together: one is practice, or hidden from those in the other."), field="into")


def _refuse_over(room: Incident) -> None:
    if not room.is_open:
        raise Refused(_("Nobody works on {room} any more: choose another.").format(room=room.reference), field="into")


def _take_in(groups: list[AlertGroup], room: Incident, *, what: str, by: Actor, now: dt.datetime) -> None:
    for group in groups:
        join_incident(group=group, incident=room.pk)
    titles = ", ".join(dict.fromkeys(group.title for group in groups))
    told = ": ".join(part for part in (what, titles) if part)
    record(events.TOOK_IN, by=by, now=now, subject=subject_of(room), incident=room.pk, what=told)
    if room.recovered_at is not None and any(group.closed_at is None for group in groups):
        note_alerts(incident=room, what=titles, by=by, now=now)
