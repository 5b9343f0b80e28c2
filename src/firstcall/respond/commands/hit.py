"""Saying who is hit, by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.ready.models.customer import Customer
from firstcall.respond import events
from firstcall.respond.commands.incident import locked, subject_of
from firstcall.respond.commands.lane import rethink_lanes
from firstcall.respond.models.incident import Incident

MOST_TOLD = 5  # names in the journal's sentence; the room holds them all


def name_hit(
    *,
    incident: Incident,
    shown: Iterable[Customer],
    hit: Iterable[Customer],
    others: str | None,
    by: Actor,
    now: dt.datetime,
) -> Incident:
    """Of the customers `shown` those in `hit` are hit and no other; who was not shown stays as it was.

    `others` is a line for whoever is in no list; None leaves it as it is. What is the same already
    changes nothing and is not told.
    """
    with transaction.atomic():
        row = locked(incident)
        others = row.hit_others if others is None else " ".join(others.split())[:200]
        before = set(row.hit.values_list("pk", flat=True))
        seen, ticked = {one.pk for one in shown}, {one.pk for one in hit}
        after = (before - seen) | (ticked & seen)
        if after == before and others == row.hit_others:
            return row
        row.hit.set(after)
        row.hit_others = others
        row.save(update_fields=["hit_others"])
        names = list(Customer.objects.filter(pk__in=after).order_by("name").values_list("name", flat=True))
        told = names[:MOST_TOLD] + ([f"+{len(names) - MOST_TOLD}"] if len(names) > MOST_TOLD else [])
        record(
            events.HIT_NAMED, by=by, now=now, subject=subject_of(row), incident=row.pk,
            who=", ".join([*told, *([others] if others else [])]) or "–", count=len(names),
        )  # fmt: skip
        rethink_lanes(incident=row, now=now)
    return row
