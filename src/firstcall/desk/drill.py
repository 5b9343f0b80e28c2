"""Game days: planned, held in a room of practice that no customer sees, and written down."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people, person
from firstcall.people.rules.access import can
from firstcall.ready.commands.drill import finish_drill, note_begun, plan_drill
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.readiness import today
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role

SHOWN = 30
AS = 2  # the severity that is played


def begin(*, drill: Drill, viewer: User, now: dt.datetime) -> Incident:
    """Open the room; the path is woken only when the plan says so. Raises Refused when it has begun already."""
    by, leader = actor_of(viewer), drill.leader if drill.leader and drill.leader.is_active else viewer
    with transaction.atomic():
        incident = open_incident(
            title=drill.pretend, flow=drill.flow, severity=AS, severity_reason=_("Practice."), symptom="",
            impact_started_at=now, reason=_("A game day."), accepted=True, practice=True, by=by, now=now,
        )  # fmt: skip
        note_begun(drill=drill, incident=incident.pk, now=now)
        take_role(incident=incident, role=Role.OWNER, user=leader, by=by, now=now)
        if drill.pages:
            start_escalation(incident=incident, by=by, now=now, at_once=True)
    return incident


@require_http_methods(["GET", "POST"])
@needs("read", post="prepare")
def drills(request: HttpRequest) -> HttpResponse:
    """All game days, and the form that plans one."""
    viewer, now, refusal = viewer_of(request), clock.now(), None
    if request.method == "POST":
        try:
            drill = _plan(request, viewer, now=now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Planned."))
            return redirect("drill", drill.pk)
    context = {
        "drills": Drill.objects.select_related("flow", "leader")[:SHOWN], "flows": flows_by_criticality(),
        "people": active_people(), "today": today(now), "viewer": viewer, "given": request.POST, "refusal": refusal,
        "can_prepare": can(viewer.access, "prepare"),
    }  # fmt: skip
    return render(request, "desk/drill/list.html", context, status=422 if refusal else 200)


def _plan(request: HttpRequest, viewer: User, *, now: dt.datetime) -> Drill:
    sent = request.POST
    flow = Flow.objects.filter(slug=sent.get("flow", "")[:50]).first()
    chosen = sent.get("leader", "")
    leader = person(int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    try:
        day = parse_date(sent.get("day", "").strip())
    except ValueError:
        day = None
    if flow is None:
        raise Refused(_("Choose the flow that is said to break."), field="flow")
    if day is None:
        raise Refused(_("Choose a day."), field="day")
    if leader is None:
        raise Refused(_("Choose who leads."), field="leader")
    return plan_drill(
        flow=flow, day=day, leader=leader, pretend=sent.get("pretend", ""), pages=sent.get("pages") == "yes",
        by=actor_of(viewer), now=now,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("read", post="prepare")
def drill(request: HttpRequest, number: int) -> HttpResponse:
    """One game day: the plan, the way into its room, and afterwards what it showed."""
    viewer, now = viewer_of(request), clock.now()
    row = get_object_or_404(Drill.objects.select_related("flow", "leader"), pk=number)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "begin":
                return redirect("room", begin(drill=row, viewer=viewer, now=now).pk)
            walked = request.POST.get("walked") == "yes"
            finish_drill(
                drill=row, findings=request.POST.get("findings", ""), walked=walked, by=actor_of(viewer), now=now
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("drill", row.pk)
    lasted = clock.whole_minutes(row.begun_at, row.done_at) if row.done_at and row.begun_at else None
    context = {"drill": row, "lasted": lasted, "can_prepare": can(viewer.access, "prepare")}
    return render(request, "desk/drill/drill.html", context)
