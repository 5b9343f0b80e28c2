"""Lanes of a path."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import LANE_ADDED, LANE_REMOVED
from firstcall.ready.models.lane import Lane, LaneKind, LaneWhen
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule


def add_lane(
    *,
    path: EscalationPath,
    kind: str,
    target: User | Schedule | None,
    by: Actor,
    now: dt.datetime,
    severity: int = 1,
    after_minutes: int = 0,
    when: str = LaneWhen.ALWAYS,
) -> Lane:
    """Tell somebody beside the steps; a run under way keeps its own copy. Raises Refused.

    Account owners take no `target`: they are those of the customers hit.
    """
    refuse_from_file(path)
    if kind not in LaneKind.values:
        raise Refused(_("Choose who is told."), field="kind")
    if kind == LaneKind.OWNERS:
        target = None
    elif target is None:
        raise Refused(_("Choose a person or a schedule."), field="target")
    if isinstance(target, User) and not target.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=target.name), field="target")
    if not 1 <= severity <= 4:
        raise Refused(_("Choose SEV1, SEV2, SEV3 or SEV4."), field="severity")
    if when not in LaneWhen.values:
        raise Refused(_("Choose when they are told."), field="when")
    if not 0 <= after_minutes <= 240:
        raise Refused(_("Wait from 0 to 240 minutes."), field="after_minutes")
    with transaction.atomic():
        row = Lane.objects.create(
            path=path, kind=kind, severity=severity, after_minutes=after_minutes, when=when,
            user=target if isinstance(target, User) else None,
            schedule=target if isinstance(target, Schedule) else None,
        )  # fmt: skip
        record(
            LANE_ADDED, by=by, now=now, subject=f"path:{path.pk}", name=path.name, who=str(LaneKind(kind).label),
        )  # fmt: skip
    return row


def remove_lane(*, lane: Lane, by: Actor, now: dt.datetime) -> None:
    """They are not told any more. Raises Refused for a path from a file."""
    with transaction.atomic():
        refuse_from_file(lane.path)
        record(
            LANE_REMOVED, by=by, now=now, subject=f"path:{lane.path_id}", name=lane.path.name,
            who=str(LaneKind(lane.kind).label),
        )  # fmt: skip
        lane.delete()
