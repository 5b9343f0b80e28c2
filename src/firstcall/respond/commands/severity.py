"""How bad it is, as a person says it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
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
        row.severity_flow_id = row.flow_id
        row.save(update_fields=["severity", "severity_reason", "severity_flow"])
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


def keep_severity(*, incident: Incident, severity: int, by: Actor, now: dt.datetime) -> Incident:
    """'Still SEV2', asked at a look-in or since a flow is known: it stands until there is another flow.

    Saying so twice changes nothing. Raises Refused when it is another severity by now.
    """
    with transaction.atomic():
        row = locked(incident)
        if row.severity != severity:
            raise Refused(_("It is SEV{n} by now: look once more.").format(n=row.severity))
        asked = row.look_ins.filter(kept_at=None)
        if row.severity_flow_id == row.flow_id and not asked.exists():
            return row
        asked.update(kept_at=now)
        row.severity_flow_id = row.flow_id
        row.save(update_fields=["severity_flow"])
        record(events.SEVERITY_KEPT, by=by, now=now, subject=subject_of(row), incident=row.pk, severity=severity)
    return row
