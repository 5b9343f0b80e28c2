"""It fires after it was said to be over, or none: the incident opens again by itself and wakes who can mend it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.detect.commands.incident import take_back
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.user import User
from firstcall.ready.queries.waking import turn_of
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import change_state, come_back, tell_of_state
from firstcall.respond.commands.page import plan_pages
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.page import Because
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.queries.recurrence import who_declined


def wake(*, incident: Incident, now: dt.datetime) -> Escalation | None:
    """As flow and severity ask for it; without a path every admin is told."""
    nobody = {"path": _("(there is no path)"), "steps": []}
    return start_escalation(incident=incident, by=MACHINE, now=now, otherwise=nobody)


def reopen_recurring(*, incident: Incident, why: str, back: dt.datetime | None, now: dt.datetime) -> Incident:
    """Back to investigating, with `why` on the timeline. The path is paged anew, and with its first step the owner.

    `back` is since when people are hit again, None: from now on.

    What waits for the morning by the severity table wakes the owner no earlier. One that is open is left as it is.
    """
    with transaction.atomic():
        row = Incident.objects.select_for_update(of=("self",)).select_related("flow").get(pk=incident.pk)
        if row.is_open:
            return row
        row = change_state(incident=row, state=State.INVESTIGATING, by=MACHINE, now=now, reason=why, back=back)
        escalation = wake(incident=row, now=now)
        owner = RoleHolding.objects.filter(incident=row, role=Role.OWNER, until=None).select_related("user").first()
        _page_beside(escalation, owner.user if owner else None, because=Because.OWNER, now=now)
    return row


def ask_again(*, incident: Incident, what: str, now: dt.datetime) -> Incident:
    """What was declined fires on: it stands in triage once more. The path is asked, and with its first step whoever
    declined it, by the same table as ever. One that is open, or was accepted since, is left as it is."""
    with transaction.atomic():
        row = Incident.objects.select_for_update(of=("self",)).select_related("flow").get(pk=incident.pk)
        if row.is_open or row.resolved_at is not None or row.joined_id is not None:
            return row
        user, name, reason = who_declined(row)
        before, why = State(row.state), _("it still fires: {what}").format(what=what)
        if name:
            why = _("it still fires: {what}; {name} declined it: {reason}").format(what=what, name=name, reason=reason)
        come_back(row, row.closed_at, now=now)
        row.state, row.reason = State.TRIAGE, why[:1].upper() + why[1:]
        row.save(update_fields=["state", "reason", "closed_at", "recovered_at", "returns"])
        tell_of_state(row, before, State.TRIAGE, by=MACHINE, now=now, reason=why)
        take_back(incident=row.pk)
        _page_beside(wake(incident=row, now=now), user, because=Because.SAID_NO, now=now)
    return row


def _page_beside(escalation: Escalation | None, user: User | None, *, because: Because, now: dt.datetime) -> None:
    """With the first step of a path that runs now, unless that wakes this person anyway."""
    if escalation is None or escalation.next_at is None or escalation.next_at > now:
        return
    first = turn_of(escalation.plan, 0, at=now)
    if user is None or not user.is_active or (first is not None and user in first.people):
        return
    beside = len(escalation.plan["steps"]) + 1
    plan_pages(escalation=escalation, step=beside, people=[user], because=because, now=now)
