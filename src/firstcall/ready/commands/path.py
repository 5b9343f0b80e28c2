"""Escalation paths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import FLOW_CHANGED, FLOW_PATH_CHOSEN, PATH_CHANGED, PATH_MADE
from firstcall.ready.models.flow import Flow, FlowPath
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.models.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Step:
    """Page `target`, then wait `wait_minutes` for an answer; 0: the next is paged at the same moment."""

    target: Schedule | User
    wait_minutes: int = 5


def set_path(
    *,
    name: str,
    steps: Sequence[Step],
    by: Actor,
    now: dt.datetime,
    path: EscalationPath | None = None,
    flows: Collection[Flow] | None = None,
    sample: bool = False,
) -> EscalationPath:
    """Make a path, or give `path` new steps; one that runs already keeps its own copy. Raises Refused.

    A path from a file, and which one a flow from a file goes along, are changed in that file.
    `flows` are those that go along it from now on, and no others; None leaves them as they are.
    """
    name = name.strip()
    if not name:
        raise Refused(_("Give the path a name."), field="name")
    if not steps:
        raise Refused(_("A path needs somebody to page."), field="steps")
    if any(not 0 <= step.wait_minutes <= 240 for step in steps):
        raise Refused(_("Wait from 0 to 240 minutes for an answer."), field="steps")
    if not steps[-1].wait_minutes:
        raise Refused(_("Whoever is paged last needs time to answer: wait from 1 to 240 minutes."), field="steps")
    with transaction.atomic():
        if path is not None:
            refuse_from_file(path)
        if EscalationPath.objects.filter(name=name).exclude(pk=path.pk if path else 0).exists():
            raise Refused(_("There is a path of this name already."), field="name")
        kind = PATH_CHANGED if path else PATH_MADE
        row = path or EscalationPath(sample=sample)
        for field, value in {"name": name[:120], **by_saving(by=by, now=now)}.items():
            setattr(row, field, value)
        row.save()
        row.steps.all().delete()
        EscalationStep.objects.bulk_create(
            [
                EscalationStep(
                    path=row,
                    order=order,
                    wait_minutes=step.wait_minutes,
                    schedule=step.target if isinstance(step.target, Schedule) else None,
                    user=step.target if isinstance(step.target, User) else None,
                )
                for order, step in enumerate(steps)
            ]
        )
        record(kind, by=by, now=now, subject=f"path:{row.pk}", name=row.name)
        if flows is not None:
            _lead(row, {flow.pk for flow in flows}, by=by, now=now)
    return row


def _lead(path: EscalationPath, chosen: set[int], *, by: Actor, now: dt.datetime) -> None:
    """Exactly these flows along this path: they leave the one they had, others that had this one have none."""
    for flow in Flow.objects.filter(Q(pk__in=chosen) | Q(path=path)):
        wanted = path if flow.pk in chosen else None
        if flow.path_id != (wanted.pk if wanted else None):
            refuse_from_file(flow)
            flow.path = wanted
            flow.save(update_fields=["path"])
            record(FLOW_CHANGED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name)


def choose_path(*, flow: Flow, severity: int, path: EscalationPath | None, by: Actor, now: dt.datetime) -> None:
    """Another path for one severity of a flow; None: the flow's own again. What runs already keeps its own copy.

    Raises Refused for a severity there is none of, and for a flow from a file.
    """
    refuse_from_file(flow)
    if not 1 <= severity <= 4:
        raise Refused(_("Choose SEV1, SEV2, SEV3 or SEV4."), field="severity")
    with transaction.atomic():
        if path is None:
            flow.severity_paths.filter(severity=severity).delete()
        else:
            FlowPath.objects.update_or_create(flow=flow, severity=severity, defaults={"path": path})
        record(
            FLOW_PATH_CHOSEN, by=by, now=now, subject=f"flow:{flow.pk}", flow=flow.name, severity=severity,
            path=path.name if path else _("the flow’s own path"),
        )  # fmt: skip
