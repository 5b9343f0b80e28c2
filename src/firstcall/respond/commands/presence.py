"""An owner who gives no sign: said once, and taken back with the next sign."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.respond import events
from firstcall.respond.models.role import RoleHolding


def note_quiet(*, holding: RoleHolding, since: dt.datetime, what: str, now: dt.datetime) -> bool:
    """No sign of who owns it since `since`, while `what` waits. True when this was said now."""
    with transaction.atomic():
        row = RoleHolding.objects.select_for_update(of=("self",)).select_related("user").get(pk=holding.pk)
        if row.until is not None or row.quiet_since is not None:
            return False
        row.quiet_since = since
        row.save(update_fields=["quiet_since"])
        record(
            events.OWNER_QUIET, by=MACHINE, now=now, subject=f"incident:{row.incident_id}", incident=row.incident_id,
            user=row.user.name, user_id=row.user_id, what=what,
        )  # fmt: skip
    return True


def note_sign(*, holding: RoleHolding) -> None:
    """They did something again: what they did is on the timeline already."""
    RoleHolding.objects.filter(pk=holding.pk).update(quiet_since=None)
