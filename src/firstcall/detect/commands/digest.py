"""The digest: what waits, mailed once a day to everybody who can answer for it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.models.job import Job
from firstcall.detect.events import DIGEST_READ
from firstcall.detect.queries.group import waiting_digest
from firstcall.detect.queries.provider_status import said_lately
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.actor import Actor
from firstcall.people.models.user import User
from firstcall.people.queries.people import active_people
from firstcall.people.rules.access import can


def plan_digest(*, now: dt.datetime) -> int:
    """Plan today's mails once the digest's hour has come and something waits; how many were planned."""
    local = now.astimezone(organisation_zone())
    if local.hour < settings.ENV["FIRSTCALL_DIGEST_HOUR"]:
        return 0
    day = f"digest:{local.date().isoformat()}"
    if Job.objects.filter(key__startswith=f"{day}:").exists():
        return 0
    people = [person for person in active_people() if can(person.access, "respond")]
    told = bool(said_lately(now=now))
    readers = [person for person in people if told or waiting_digest(viewer=person).exists()]
    with transaction.atomic():
        for person in readers:
            plan_job(
                "detect.digest_mail",
                key=f"{day}:{person.pk}",
                now=now,
                payload={"user": person.pk},
                subject=day,
                rank=80,
            )
    return len(readers)


def read_digest(*, reader: User, by: Actor, now: dt.datetime) -> int:
    """Note who read the digest: what they left unanswered is carried over, in their name. How much that is."""
    with transaction.atomic():
        count = waiting_digest(viewer=reader).count()
        record(DIGEST_READ, by=by, now=now, subject="digest:all", count=count)
    return count
