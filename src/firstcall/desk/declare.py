"""Declaring: what do you see, since when, who says so. The rest is asked in the room, one question at a time.

Declared from a report, it carries what the report says, and takes the report into its room.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.detect.models.report import Report
from firstcall.detect.queries.report import report_at_hand
from firstcall.detect.rules.symptom import HARMS, STOPS, SYMPTOMS
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.rules.severity import propose
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.report import take_report
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role
from firstcall.respond.pages.visit import past_time
from firstcall.respond.queries.severity import hurt_of
from firstcall.respond.rules.wall_time import zone_named

MOST_FLOWS = 8


@require_http_methods(["GET", "POST"])
@needs("respond")
def declare(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    flows = list(flows_by_criticality())
    report = _report(request, viewer)
    refusal = None
    if request.method == "POST":
        try:
            incident = _declare(request, viewer, flows, report, now=clock.now())
        except Refused as no:
            refusal = no
        else:
            return HttpResponseRedirect(reverse("room", args=[incident.pk]))
    return render(
        request,
        "desk/declare.html",
        {
            "flows": flows[:MOST_FLOWS],
            "more_flows": flows[MOST_FLOWS:],
            "symptoms": [(key, _(words)) for key, words in SYMPTOMS.items()],
            "refusal": refusal,
            "refused": {refusal.field or "": refusal.sentence} if refusal else {},
            "given": request.POST or (_said_in(report, viewer) if report else request.GET),
            "report": report,
        },
        status=422 if refusal else 200,
    )


def _report(request: HttpRequest, viewer: User) -> Report | None:
    """The report it is declared from, if there is one and it is this person's to use."""
    number = (request.POST or request.GET).get("report", "")
    return report_at_hand(int(number), viewer=viewer) if number.isdecimal() and len(number) < 19 else None


def _said_in(report: Report, viewer: User) -> dict[str, str]:
    """What the report says, as the form's fields."""
    return {
        "title": report.seen[:160],
        "symptom": report.symptom,
        "flow": str(report.flow_id or ""),
        "since": f"{report.since.astimezone(zone_named(viewer.zone)):%H:%M}" if report.since else "",
        "said_by": report.who or (report.customer.name if report.customer else ""),
    }


def _since(sent: str, viewer: User, report: Report | None, *, now: dt.datetime) -> dt.datetime | None:
    """The time as typed; what the report said and nobody changed is kept with its day and second."""
    if report is not None and report.since is not None and sent.strip() == _said_in(report, viewer)["since"]:
        return report.since
    return past_time(sent, user=viewer, now=now, refusal=_("Write the time as 22:54."), field="since")


@transaction.atomic
def _declare(
    request: HttpRequest, viewer: User, flows: list[Flow], report: Report | None, *, now: dt.datetime
) -> Incident:
    sent = request.POST
    by = actor_of(viewer)
    flow = next((one for one in flows if str(one.pk) == sent.get("flow")), None)
    symptom = sent.get("symptom", "")
    stopped = True if symptom in STOPS else None
    severity, why = propose(hurt_of(flow, stopped=stopped, data_harmed=symptom == HARMS, now=now))
    words = SYMPTOMS.get(symptom, "")
    said_by = sent.get("said_by", "").strip()
    reason = _("{name} declared it; {who} says so.") if said_by else _("{name} declared it.")
    title = sent.get("title", "").strip()
    if not title and flow is not None and words:
        title = _("{flow}: {symptom}").format(flow=flow.name, symptom=_(words).lower())
    incident = open_incident(
        title=title,
        flow=flow,
        severity=severity,
        severity_reason=_(why),
        symptom=words,
        error=report.error if report else "",
        impact_started_at=_since(sent.get("since", ""), viewer, report, now=now),
        said_by=said_by,
        reason=reason.format(name=viewer.name, who=said_by),
        accepted=True,
        practice=sent.get("practice") == "yes",
        by=by,
        now=now,
    )
    if report is not None and not incident.practice:
        take_report(report=report, incident=incident, by=by, now=now)
    if not incident.holdings.filter(role=Role.OWNER, until=None).exists():
        take_role(incident=incident, role=Role.OWNER, user=viewer, by=by, now=now)
    if not incident.practice:
        start_escalation(incident=incident, by=by, now=now)
    return incident
