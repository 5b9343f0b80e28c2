"""It fires after it was said to be over: the incident opens again by itself and wakes those who can mend it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.kernel.actor import MACHINE
from firstcall.ready.queries.waking import turn_of
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import change_state
from firstcall.respond.commands.page import plan_pages
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.page import Because
from firstcall.respond.models.role import Role, RoleHolding


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
        if escalation is not None and escalation.next_at is not None and escalation.next_at <= now:
            _page_owner(escalation, now=now)
    return row


def _page_owner(escalation: Escalation, *, now: dt.datetime) -> None:
    """Beside the steps of the path, unless the first of them wakes the owner anyway."""
    holding = RoleHolding.objects.filter(incident=escalation.incident_id, role=Role.OWNER, until=None)
    one = holding.select_related("user").first()
    first = turn_of(escalation.plan, 0, at=now)
    if one is None or not one.user.is_active or (first is not None and one.user in first.people):
        return
    beside = len(escalation.plan["steps"]) + 1
    plan_pages(escalation=escalation, step=beside, people=[one.user], because=Because.OWNER, now=now)
