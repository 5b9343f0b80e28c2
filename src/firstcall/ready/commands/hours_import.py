"""What each hour of the week costs of a flow: from a file somebody has looked at, or forgotten again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import FLOW_CHANGED, FLOW_HOURS_IMPORTED
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.hours_import import mark_of, week_of
from firstcall.ready.rules.cost import figure_of


def import_hours(*, preview: Preview, mark: str, by: Actor, now: dt.datetime) -> Flow:
    """The hours of the preview are those of its flow; without a figure it gets one: the average hour to the dearest.

    Raises Refused, and then nothing has changed: while the table is not right, when the flow's hours have changed since
    the preview was looked at (`mark`), when it was imported already, and for a flow from a file.
    """
    week, flow = week_of(preview), preview.flow
    assert flow is not None  # a preview of hours has its flow
    if week.faults:
        raise Refused(speak(week.faults[0].sentence))
    with transaction.atomic():
        flow = Flow.objects.select_for_update().get(pk=flow.pk)
        refuse_from_file(flow)
        if not Preview.objects.filter(pk=preview.pk).delete()[0]:
            raise Refused(_("This was imported already."))
        if mark != mark_of(flow, week):
            raise Refused(_("The flow was changed since you looked. Nothing was imported: look at it again."))
        flow.by_hour = list(week.hours)
        if flow.cost_per_hour is None:
            flow.cost_per_hour, flow.cost_per_hour_most = figure_of(week.hours)
        flow.save(update_fields=["by_hour", "cost_per_hour", "cost_per_hour_most"])
        record(FLOW_HOURS_IMPORTED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name, file=preview.name)
    return flow


def forget_hours(*, flow: Flow, by: Actor, now: dt.datetime) -> None:
    """Every hour costs the same again. Twice changes nothing; raises Refused for a flow from a file."""
    refuse_from_file(flow)
    with transaction.atomic():
        if Flow.objects.filter(pk=flow.pk, by_hour__isnull=False).update(by_hour=None):
            record(FLOW_CHANGED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name)
    flow.by_hour = None
