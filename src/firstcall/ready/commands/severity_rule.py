"""Changing what a severity sets in motion."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import Say
from firstcall.ready.events import SEVERITY_RULE_CHANGED
from firstcall.ready.models.severity import SeverityRule
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.ready.rules.severity_rule import changes, fault_of, mark_of


def change_severity_rule(
    *, row: SeverityFacts, by: Actor, now: dt.datetime, seen: str | None = None
) -> tuple[Say, ...]:
    """Put `row` in place of the one of its severity; what that changes, in words. It holds at once, for open incidents
    too. `seen` is the mark of the row the person has looked at. Raises Refused for a row that makes no sense, and for
    one that somebody else has changed meanwhile."""
    with transaction.atomic():
        list(SeverityRule.objects.select_for_update().values_list("pk"))
        table = rules()
        before = table.get(row.severity)
        if before is None:
            raise Refused(_("There is no such severity."))
        if seen is not None and seen != mark_of(before):
            raise Refused(_("Somebody has changed it meanwhile. Nothing of yours was kept: look at it again."))
        fault = fault_of(row, table)
        if fault is not None:
            field, sentence = fault
            raise Refused(speak(sentence), field=field)
        told = changes(before, row)
        if told:
            SeverityRule.objects.filter(pk=row.severity).update(**{**asdict(row), "roles": list(row.roles)})
            plan_job(
                "reactions.severity_rule_changed", key=f"severity:{row.severity}:{now.isoformat()}", now=now,
                payload={"severity": row.severity}, subject=f"severity:{row.severity}",
            )  # fmt: skip
            record(
                SEVERITY_RULE_CHANGED, by=by, now=now, subject=f"severity:{row.severity}", severity=row.severity,
                what=" ".join(speak(one) for one in told),
            )  # fmt: skip
    return told
