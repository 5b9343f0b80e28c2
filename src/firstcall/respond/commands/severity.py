"""How bad it is, as a person says it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.respond import events
from firstcall.respond.commands.escalation import rethink_waiting, start_escalation
from firstcall.respond.commands.incident import locked, refuse, subject_of
from firstcall.respond.commands.lane import rethink_lanes
from firstcall.respond.commands.look_in import plan_look_in
from firstcall.respond.commands.page import break_quiet
from firstcall.respond.models.incident import Incident
from firstcall.respond.rules.incident import decide_severity


def change_severity(*, incident: Incident, severity: int, by: Actor, now: dt.datetime, reason: str) -> Incident:
    """Set another severity, down as readily as up, always with a reason. Raised before anyone was woken, it wakes."""
    with transaction.atomic():
        row = locked(incident)
        refuse(decide_severity(row.severity, severity, reason=reason))
        before, row.severity, row.severity_reason = row.severity, severity, reason.strip()
        row.save(update_fields=["severity", "severity_reason"])
        record(
            events.SEVERITY_CHANGED,
            by=by,
            now=now,
            subject=subject_of(row),
            incident=row.pk,
            before=before,
            after=severity,
            reason=reason.strip(),
        )
        row.look_ins.filter(kept_at=None).update(kept_at=now)
        plan_look_in(incident=row, now=now)
        rethink_waiting(incident=row, by=by, now=now)
        rethink_lanes(incident=row, now=now)
        break_quiet(incident=row, now=now)
        if severity < before and row.is_open and not row.escalations.exclude(step=-1, state="ended").exists():
            start_escalation(incident=row, by=by, now=now)
    return row
