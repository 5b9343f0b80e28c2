"""What people saw, written down."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.events import REPORT_FILED
from firstcall.detect.models.report import Report
from firstcall.detect.rules.symptom import SYMPTOMS
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow

MOST_TEXT = 4000


def file_report(
    *,
    customer: Customer | None = None,
    flow: Flow | None = None,
    symptom: str = "",
    since: dt.datetime | None = None,
    seen: str,
    stands_still: str = "",
    error: str = "",
    who: str = "",
    picture: File[bytes] | None = None,
    by: Actor,
    now: dt.datetime,
    incident: int | None = None,
) -> Report:
    """Keep a report. Without `incident` the open one of its flow takes it, if there is one: that is decided above.

    Raises Refused when nothing is said, for a symptom nobody knows, or for a beginning that is yet to come.
    """
    seen = seen.strip()
    if not seen:
        raise Refused(_("Say what is seen, in the words of the person who sees it."), field="seen")
    if symptom and symptom not in SYMPTOMS:
        raise Refused(_("Choose one of the words for what is seen."), field="symptom")
    if since is not None and since > now:
        raise Refused(_("It can't have begun in the future. Check the time."), field="since")
    with transaction.atomic():
        report = Report(
            customer=customer, flow=flow, symptom=symptom, since=since, seen=seen[:MOST_TEXT],
            stands_still=stands_still.strip()[:MOST_TEXT], error=error.strip()[:MOST_TEXT], who=who.strip()[:120],
            by_id=by.id if by.kind in ("person", "link") else None, at=now, incident=incident,
        )  # fmt: skip
        if picture is not None:
            report.picture = picture
        report.save()
        record(
            REPORT_FILED, by=by, now=now, subject=f"report:{report.pk}", incident=incident, seen=report.seen[:300],
            who=report.who or (customer.name if customer else ""),
        )  # fmt: skip
        if incident is None:
            plan_job(
                "reactions.report_filed",
                key=f"report:{report.pk}:filed",
                now=now,
                payload={"report": report.pk},
                subject=f"report:{report.pk}",
            )
    return report


def link_report(*, report: Report, incident: int, by: Actor, now: dt.datetime) -> None:
    """The report belongs to this incident's plain number from now on; its timeline says so."""
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if row.incident == incident:
            return
        row.incident = incident
        row.save(update_fields=["incident"])
        report.incident = incident
        record(
            REPORT_FILED, by=by, now=now, subject=f"report:{report.pk}", incident=incident, seen=report.seen[:300],
            who=report.who,
        )  # fmt: skip
