"""Reporting a problem: saved at once, taken into the room that is open for it, then asked for what is missing."""

from __future__ import annotations

import datetime as dt
from mimetypes import guess_type
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstcall.desk.call import next_word
from firstcall.desk.offer import NONE, Offer, offer_of
from firstcall.detect.commands.report import amend_report, file_report
from firstcall.detect.models.report import Report
from firstcall.detect.pages.group import MOST, tabs
from firstcall.detect.queries.report import incident_of, own_report, report_at_hand, reports_waiting
from firstcall.detect.rules.completeness import Told, how_complete, missing
from firstcall.detect.rules.symptom import SYMPTOMS
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.models.customer import Customer
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.respond.commands.report import leave_report, take_report
from firstcall.respond.queries.incident import likeliest, real_incidents

MOST_CUSTOMERS = 500  # offered by name; what is typed may be any name


@require_http_methods(["GET", "POST"])
@needs("support")
def report_new(request: HttpRequest) -> HttpResponse:
    """The form, or with `?part=offer` which room the flow that was chosen has."""
    viewer = viewer_of(request)
    if request.method != "POST":
        if request.GET.get("part") == "offer":
            return render(request, "desk/offer.html", {"offer": _offer(request.GET, viewer=viewer)})
        return _form(request, given=request.GET)
    offer = _offer(request.POST, viewer=viewer, saving=True)
    try:
        filed = file_report(
            **_sent(request),
            incident=offer.chosen.pk if offer.chosen else None,
            apart=offer.apart,
            by=actor_of(viewer),
            now=clock.now(),
        )
    except Refused as refused:
        return _form(request, given=request.POST, refusal=refused)
    return redirect("report", filed.pk)


@require_http_methods(["GET", "POST"])
@needs("support")
def report(request: HttpRequest, number: int) -> HttpResponse:
    """One's own report, with what is still missing; whoever wrote it may add to it."""
    viewer = viewer_of(request)
    filed = _own(number, viewer=viewer)
    if request.method == "POST":
        by, now = actor_of(viewer), clock.now()
        try:
            with transaction.atomic():
                amend_report(report=filed, **_sent(request), by=by, now=now)
                room = _offer(request.POST, viewer=viewer).chosen
                if room is not None and filed.incident is None and not filed.apart:
                    take_report(report=filed, incident=room, by=by, now=now)
        except Refused as refused:
            return _form(request, given=request.POST, refusal=refused, report=filed)
        messages.success(request, _("Added."))
        return redirect("report", filed.pk)
    return _form(request, given=_given(filed), report=filed)


@require_POST
@needs("support")
def join(request: HttpRequest, number: int) -> HttpResponse:
    """Into the room that was chosen; with none, out of the one it is in. For one's own, and for any that waits."""
    viewer, now = viewer_of(request), clock.now()
    filed = report_at_hand(number, viewer=viewer)
    if filed is None:
        raise Http404
    wanted = request.POST.get("incident", "")
    if wanted == NONE:
        leave_report(report=filed, by=actor_of(viewer), now=now)
        messages.success(request, _("It waits by itself now: join it to another room, or declare an incident from it."))
        return redirect("reports")
    room = next((one for one in real_incidents(viewer=viewer) if str(one.pk) == wanted), None)
    if room is None:
        messages.error(request, _("Nobody works on that any more: the report stays where it is. Choose another."))
        return redirect("reports")
    take_report(report=filed, incident=room, by=actor_of(viewer), now=now)
    messages.success(request, _("The report is in this room now."))
    return redirect("room", room.pk)


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
        "phone": sent.get("phone", ""),
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
        "phone": filed.phone,
        "stands_still": filed.stands_still,
    }


def _offer(given: QueryDict, *, viewer: User, saving: bool = False) -> Offer:
    flow = number_in(given.get("flow", ""))
    flows = [] if flow is None else [flow]
    return offer_of(real_incidents(viewer=viewer), given, flows=flows, saving=saving)


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
        "can_respond": can(viewer_of(request).access, "respond"),
        "given": given,
        "report": report,
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "symptoms": [(key, _(words)) for key, words in SYMPTOMS.items()],
        "flows": list(flows_by_criticality()),
        "customers": Customer.objects.values_list("name", flat=True)[:MOST_CUSTOMERS],
    }
    viewer = viewer_of(request)
    if report is None:
        context["offer"] = _offer(request.POST or request.GET, viewer=viewer)
    else:
        told = _told(report)
        lacking = missing(told)
        number = incident_of(report, viewer=viewer)
        open_ = real_incidents(viewer=viewer)
        context["number"] = number
        context["incident"] = next((one for one in open_ if one.pk == number), None)
        context["next_at"] = next_word(context["incident"], now=clock.now())
        context["joins"] = likeliest(open_, report.flow_id) if number is None else ()
        context["complete"] = _(how_complete(told).text)
        context["missing"] = [{"field": one.field, "ask": _(one.ask.text)} for one in lacking]
    return render(request, "desk/report/page.html", context, status=422 if refusal else 200)


@require_GET
@needs("support")
def reports(request: HttpRequest) -> HttpResponse:
    """Reports that no incident has taken up yet."""
    viewer = viewer_of(request)
    open_ = real_incidents(viewer=viewer)
    rows = [(one, likeliest(open_, one.flow_id)) for one in reports_waiting(viewer=viewer)[:MOST]]
    context = {"reports": rows, "can_respond": can(viewer.access, "respond"), **tabs(viewer=viewer)}
    return render(request, "desk/report/list.html", context)
