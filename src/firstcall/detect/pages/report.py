"""Reporting a problem: saved at once, then asked for what is missing."""

from __future__ import annotations

import datetime as dt
from mimetypes import guess_type
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from firstcall.detect.commands.report import amend_report, file_report
from firstcall.detect.models.report import Report
from firstcall.detect.pages.group import MOST, tabs
from firstcall.detect.queries.report import incident_of, own_report, reports_waiting
from firstcall.detect.rules.completeness import Told, how_complete, missing
from firstcall.detect.rules.symptom import SYMPTOMS
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.ready.queries.flow import flows_by_criticality

MOST_CUSTOMERS = 500  # offered by name; what is typed may be any name


@require_http_methods(["GET", "POST"])
@needs("support")
def report_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, given=request.GET)
    now = clock.now()
    try:
        filed = file_report(**_sent(request), by=actor_of(viewer_of(request)), now=now)
    except Refused as refused:
        return _form(request, given=request.POST, refusal=refused)
    return redirect("report", filed.pk)


@require_http_methods(["GET", "POST"])
@needs("support")
def report(request: HttpRequest, number: int) -> HttpResponse:
    """One's own report, with what is still missing; whoever wrote it may add to it."""
    filed = _own(number, viewer=viewer_of(request))
    now = clock.now()
    if request.method == "POST":
        try:
            amend_report(report=filed, **_sent(request), by=actor_of(viewer_of(request)), now=now)
        except Refused as refused:
            return _form(request, given=request.POST, refusal=refused, report=filed)
        messages.success(request, _("Added."))
        return redirect("report", filed.pk)
    return _form(request, given=_given(filed), report=filed)


@require_GET
@needs("support")
def picture(request: HttpRequest, number: int) -> HttpResponse:
    filed = _own(number, viewer=viewer_of(request))
    if not filed.picture or not filed.picture.name:
        raise Http404
    with filed.picture.open("rb") as file:
        kind = guess_type(filed.picture.name)[0] or "application/octet-stream"
        return HttpResponse(file.read(), content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def _own(number: int, *, viewer: User) -> Report:
    """A report for the person who wrote it, or for an admin; 404 for all others."""
    found = own_report(number, viewer=viewer)
    if found is None:
        raise Http404
    return found


def _sent(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    flow = next((one for one in flows_by_criticality() if str(one.pk) == sent.get("flow")), None)
    who = sent.get("who", "").strip()
    file = request.FILES.get("picture")
    return {
        "customer": Customer.objects.filter(name__iexact=who).first() if who else None,
        "flow": flow,
        "symptom": sent.get("symptom", ""),
        "since": _instant(sent.get("since", "")),
        "seen": sent.get("seen", ""),
        "stands_still": sent.get("stands_still", ""),
        "error": sent.get("error", ""),
        "who": who,
        "picture": file if isinstance(file, UploadedFile) else None,
    }


def _instant(text: str) -> dt.datetime | None:
    """The browser's date and time in the reader's zone. Raises Refused when it is none."""
    if not text.strip():
        return None
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=get_current_timezone()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Refused(_("Write the time as 2026-11-20 22:58."), field="since") from None


def _given(filed: Report) -> dict[str, object]:
    local = filed.since.astimezone(get_current_timezone()) if filed.since else None
    return {
        "seen": filed.seen,
        "symptom": filed.symptom,
        "flow": str(filed.flow_id or ""),
        "since": f"{local:%Y-%m-%dT%H:%M}" if local else "",
        "error": filed.error,
        "who": filed.who or (filed.customer.name if filed.customer else ""),
        "stands_still": filed.stands_still,
    }


def _told(filed: Report) -> Told:
    return Told(
        seen=filed.seen,
        flow=filed.flow_id is not None,
        since=filed.since is not None,
        error=filed.error,
        who=filed.who or (filed.customer.name if filed.customer else ""),
        stands_still=filed.stands_still,
        picture=bool(filed.picture),
    )


def _form(
    request: HttpRequest, *, given: object, refusal: Refused | None = None, report: Report | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "given": given,
        "report": report,
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "symptoms": [(key, _(words)) for key, words in SYMPTOMS.items()],
        "flows": list(flows_by_criticality()),
        "customers": Customer.objects.values_list("name", flat=True)[:MOST_CUSTOMERS],
    }
    if report is not None:
        told = _told(report)
        lacking = missing(told)
        context["incident"] = incident_of(report, viewer=viewer_of(request))
        context["complete"] = _(how_complete(told).text)
        context["missing"] = [{"field": one.field, "ask": _(one.ask.text)} for one in lacking]
    return render(request, "detect/report/page.html", context, status=422 if refusal else 200)


@require_GET
@needs("support")
def reports(request: HttpRequest) -> HttpResponse:
    """Reports that no incident has taken up yet."""
    viewer = viewer_of(request)
    context = {"reports": reports_waiting(viewer=viewer)[:MOST], **tabs(viewer=viewer)}
    return render(request, "detect/report/list.html", context)
