"""Telling somebody of an incident by every way they have: no page, nothing to acknowledge."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.commands.job import hasten_jobs, plan_job
from firstcall.people.models.user import User
from firstcall.people.queries.contact import ways_of
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.queries.waking import waits_until
from firstcall.respond.models.incident import Incident
from firstcall.respond.rules.page import rank_of

TOLD = "respond.told"


def tell(
    *, incident: Incident, user: User, why: str, key: str, now: dt.datetime, due: dt.datetime | None = None
) -> None:
    """Plan one message for each way; `why` is the sentence it begins with, `key` names the occasion.

    It waits for the end of quiet hours, but for a severity that breaks them.
    """
    due = waits_until(user, rule_of(incident.severity), at=due or now) or due
    for way in ways_of(user):
        plan_job(
            TOLD, key=f"told:{incident.pk}:{key}:{user.pk}:{way.name}", now=now, due=due,
            payload={
                "incident": incident.pk, "user": user.pk, "channel": way.channel, "address": way.address, "why": why,
            },
            subject=f"told:{incident.pk}", rank=rank_of(incident.severity),
        )  # fmt: skip


def hasten_told(*, incident: Incident, now: dt.datetime) -> None:
    """What waits to be told is told now."""
    hasten_jobs(kind=TOLD, subject=f"told:{incident.pk}", now=now)
