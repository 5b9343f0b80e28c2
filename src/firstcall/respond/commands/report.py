"""Taking a report into the room, with what was promised to whoever called."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.detect.commands.report import link_report, part_report
from firstcall.detect.models.report import Report
from firstcall.kernel.actor import Actor
from firstcall.respond.commands.call_back import follow_reports, leave_room
from firstcall.respond.commands.lane import rethink_lanes
from firstcall.respond.models.incident import Incident


def take_report(*, report: Report, incident: Incident, by: Actor, now: dt.datetime) -> None:
    """The report is about this incident, and a call promised in it belongs to its room. Twice changes nothing."""
    with transaction.atomic():
        link_report(report=report, incident=incident.pk, by=by, now=now)
        follow_reports(reports=[report.pk], incident=incident, by=by, now=now)
        if report.customer_id is not None:
            rethink_lanes(incident=incident, now=now)


def leave_report(*, report: Report, by: Actor, now: dt.datetime) -> None:
    """The report is about none of the open incidents; a call promised in it stays promised, in no room."""
    with transaction.atomic():
        part_report(report=report, by=by, now=now)
        leave_room(report=report.pk)
