"""What people saw, written down."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.events import REPORT_AMENDED, REPORT_FILED, REPORT_JOINED, REPORT_PARTED
from firstcall.detect.models.report import Report
from firstcall.detect.queries.report import FRESH
from firstcall.detect.rules.signal import safe
from firstcall.detect.rules.symptom import SYMPTOMS
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow

Upload: TypeAlias = "UploadedFile[bytes]"
MOST_TEXT = 4000
MOST_WAITING = 50
MOST_PICTURE = 8 * 1024 * 1024
FILE = "picture"
# The first bytes of each kind: PNG (RFC 2083), JPEG (ITU T.81), WebP (its container's specification).
PICTURES = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"WEBP", ".webp"))


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
    phone: str = "",
    picture: Upload | None = None,
    by: Actor,
    now: dt.datetime,
    incident: int | None = None,
    apart: bool = False,
) -> Report:
    """Keep a report. Without `incident` the open one of its flow takes it, if there is one: that is decided above.

    `apart`: somebody says that it is about none of them, and none takes it.

    Raises Refused when nothing is said, for a symptom nobody knows, a beginning that is yet to come, a telephone number
    without a digit, or a picture that is none.
    """
    _check(seen=seen, symptom=symptom, since=since, phone=phone, now=now)
    report = Report(
        customer=customer, flow=flow, symptom=symptom, since=since, seen=_text(seen), stands_still=_text(stands_still),
        error=_text(error), who=safe(who.strip(), most=120), phone=_number(phone), at=now, incident=incident,
        apart=apart, by_id=by.id if by.kind in ("person", "link") else None,
    )  # fmt: skip
    _attach(report, picture)
    with transaction.atomic():
        report.save()
        record(
            REPORT_FILED, by=by, now=now, subject=f"report:{report.pk}", incident=incident, seen=_told(report),
        )  # fmt: skip
        if incident is None and not apart:
            _ask_for_incident(report, now=now)
    return report


def amend_report(
    *,
    report: Report,
    customer: Customer | None,
    flow: Flow | None,
    symptom: str,
    since: dt.datetime | None,
    seen: str,
    stands_still: str,
    error: str,
    who: str,
    phone: str,
    picture: Upload | None,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Say more, or say it better; the journal keeps that it was changed. Raises Refused as `file_report` does."""
    _check(seen=seen, symptom=symptom, since=since, phone=phone, now=now)
    report.customer, report.flow, report.symptom, report.since = customer or report.customer, flow, symptom, since
    report.seen, report.stands_still, report.error = _text(seen), _text(stands_still), _text(error)
    report.who, report.phone = safe(who.strip(), most=120), _number(phone)
    _attach(report, picture)
    with transaction.atomic():
        report.save()
        record(
            REPORT_AMENDED, by=by, now=now, subject=f"report:{report.pk}", incident=report.incident,
            seen=_told(report),
        )  # fmt: skip
        if report.incident is None and not report.apart:
            _ask_for_incident(report, now=now)


def _ask_for_incident(report: Report, *, now: dt.datetime) -> None:
    """Once for each flow a report names: the incident may be found only after the flow is known."""
    plan_job(
        "reactions.report_filed",
        key=f"report:{report.pk}:filed:{report.flow_id or 0}",
        now=now,
        payload={"report": report.pk},
        subject=f"report:{report.pk}",
    )


def _check(*, seen: str, symptom: str, since: dt.datetime | None, phone: str, now: dt.datetime) -> None:
    if not seen.strip():
        raise Refused(_("Say what is seen, in the words of the person who sees it."), field="seen")
    if symptom and symptom not in SYMPTOMS:
        raise Refused(_("Choose one of the words for what is seen."), field="symptom")
    if phone.strip() and not any(sign.isdigit() for sign in phone):
        raise Refused(_("Write the telephone number with its digits, or leave it empty."), field="phone")
    if since is not None and since > now:
        raise Refused(_("It can't have begun in the future. Check the time."), field="since")


def _number(phone: str) -> str:
    return safe(" ".join(phone.split()), most=32)


def _text(text: str) -> str:
    return safe(text.strip(), most=MOST_TEXT)


def _told(report: Report) -> str:
    """What is seen, and who says so when that is not the one who wrote it down."""
    who = report.who or (report.customer.name if report.customer else "")
    return f"‘{report.seen[:300]}’ ({who})" if who else report.seen[:300]


def _attach(report: Report, picture: Upload | None) -> None:
    """Take a picture by what it is, not by what it is called. Raises Refused."""
    if picture is None:
        return
    if (picture.size or 0) > MOST_PICTURE:
        raise Refused(
            _("The picture is larger than 8 MB. A screenshot of the part that matters is enough."), field=FILE
        )
    start = picture.read(16)
    picture.seek(0)
    ending = next((ending for sign, ending in PICTURES if sign in start), None)
    if ending is None:
        raise Refused(_("This is no picture: take a PNG, JPEG or WebP."), field=FILE)
    report.picture.save(f"{secrets.token_hex(8)}{ending}", picture, save=False)


def link_waiting_reports(*, flow: int, incident: int, by: Actor, now: dt.datetime) -> list[int]:
    """What people reported of a flow in the last six hours, before it had an incident, belongs to it; their numbers."""
    reports = list(Report.objects.filter(flow=flow, incident=None, at__gt=now - FRESH).order_by("at")[:MOST_WAITING])
    for report in reports:
        link_report(report=report, incident=incident, by=by, now=now)
    return [report.pk for report in reports]


def link_report(*, report: Report, incident: int, by: Actor, now: dt.datetime) -> None:
    """The report belongs to this incident's plain number from now on; its timeline says so.

    Whose report it is said so by reporting it; another person brings it in, and that is told.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if row.incident == incident:
            return
        if row.incident is not None:
            _tell_parted(row, by=by, now=now)
        row.incident = report.incident = incident
        row.apart = report.apart = False
        row.save(update_fields=["incident", "apart"])
        own = by.kind != "person" or by.id == row.by_id
        record(
            REPORT_FILED if own else REPORT_JOINED, by=by, now=now, subject=f"report:{row.pk}", incident=incident,
            seen=_told(row), filed_at=row.at.isoformat(),
        )  # fmt: skip


def part_report(*, report: Report, by: Actor, now: dt.datetime) -> None:
    """The report is about none of the incidents that are open: it waits by itself, and none takes it unasked."""
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if row.apart and row.incident is None:
            return
        _tell_parted(row, by=by, now=now)
        row.incident, row.apart = None, True
        row.save(update_fields=["incident", "apart"])
        report.incident, report.apart = None, True


def _tell_parted(row: Report, *, by: Actor, now: dt.datetime) -> None:
    record(
        REPORT_PARTED, by=by, now=now, subject=f"report:{row.pk}", incident=row.incident, seen=_told(row),
    )  # fmt: skip
