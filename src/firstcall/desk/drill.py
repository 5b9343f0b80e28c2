"""Game days: planned, held in a room of practice that no customer sees, and written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.desk.drill_form import DrillForm, FollowForm
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.learn.commands.action import add_action
from firstcall.learn.commands.postmortem import add_finding, draft_postmortem
from firstcall.learn.models.postmortem import Finding
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.pages.person import refuse
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.visibility import visible
from firstcall.people.rules.access import can
from firstcall.ready.commands.drill import finish_drill, note_begun, plan_drill
from firstcall.ready.models.drill import Drill
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.readiness import today
from firstcall.ready.rules.drill import Walked, walk_of, whole_parts
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import change_state, open_incident
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.role import Role
from firstcall.respond.queries.first_step import first_steps_of

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
    viewer, now = viewer_of(request), clock.now()
    form = DrillForm(request.POST or None, initial={"leader": viewer.pk}, today=today(now))
    if request.method == "POST" and form.is_valid():
        try:
            drill = plan_drill(**form.cleaned_data, by=actor_of(viewer), now=now)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Planned."))
            return redirect("drill", drill.pk)
    context = {
        "drills": Drill.objects.select_related("flow", "leader")[:SHOWN], "flows": Flow.objects.exists(),
        "form": form, "can_prepare": can(viewer.access, "prepare"),
    }  # fmt: skip
    return render(request, "desk/drill/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("read", post="prepare")
def drill(request: HttpRequest, number: int) -> HttpResponse:
    """One game day: the plan, the way into its room, and afterwards what it showed."""
    viewer, now = viewer_of(request), clock.now()
    row = get_object_or_404(Drill.objects.select_related("flow", "leader"), pk=number)
    wrong: FollowForm | None = None
    if request.method == "POST" and request.POST.get("act") == "action":
        wrong = _follow(request, row, viewer, now=now)
        if wrong is None:
            return redirect("drill", row.pk)
    elif request.method == "POST":
        try:
            if request.POST.get("act") == "begin":
                return redirect("room", begin(drill=row, viewer=viewer, now=now).pk)
            finish(
                drill=row, findings=request.POST.get("findings", ""), tried=request.POST.getlist("tried"),
                viewer=viewer, now=now,
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Saved."))
        return redirect("drill", row.pk)
    incident = _room(row, viewer)
    under_way = incident is not None and row.done_at is None
    steps = walked_in(incident, viewer) if incident is not None and under_way else stored_walk(row)
    context = {
        "drill": row, "can_prepare": can(viewer.access, "prepare"),
        "lasted": round((row.done_at - row.begun_at).total_seconds() / 60) if row.done_at and row.begun_at else None,
        "walk": walk_of(steps, begun_at=row.begun_at) if row.begun_at else None,
        "parts": _parts(incident, viewer) if incident is not None and under_way else [],
        "findings": [
            (line, known, wrong if wrong and wrong["finding"].value() == line else
             FollowForm(line=line, place=place, today=today(now)))
            for place, (line, known) in enumerate(_findings(row, viewer), 1)
        ],
    }  # fmt: skip
    return render(request, "desk/drill/drill.html", context, status=422 if wrong else 200)


def _room(row: Drill, viewer: User) -> Incident | None:
    return visible(Incident.objects.filter(pk=row.incident or 0), viewer=viewer).first()


def walked_in(incident: Incident, viewer: User) -> list[Walked]:
    """Every first step that its room offers, with its tick. Five statements."""
    return [
        Walked(part.key, part.name, line.text, line.at, line.name or "")
        for part in first_steps_of(incident, viewer=viewer)
        for line in part.lines
    ]


def stored_walk(row: Drill) -> list[Walked]:
    """The steps as they stood when it ended."""
    return [
        Walked(one["part"], one["name"], one["step"], dt.datetime.fromisoformat(one["at"]) if one["at"] else None,
               one["who"])
        for one in row.walked
    ]  # fmt: skip


def _parts(incident: Incident, viewer: User) -> list[tuple[str, str, bool]]:
    """(key, name, every step is ticked) of each part whose first steps may have been walked."""
    whole = whole_parts(walked_in(incident, viewer))
    return [(part.key, part.name, part.key in whole) for part in first_steps_of(incident, viewer=viewer)]


def finish(*, drill: Drill, findings: str, tried: Sequence[str], viewer: User, now: dt.datetime) -> None:
    """It is over, and so is its room. `tried` names the parts whose steps were walked; a name it does not know is left.

    Raises Refused before it began or when it is over.
    """
    by = actor_of(viewer)
    with transaction.atomic():
        incident = _room(drill, viewer)
        steps = [] if incident is None else first_steps_of(incident, viewer=viewer)
        finish_drill(
            drill=drill, findings=findings, walked=walked_in(incident, viewer) if incident is not None else (),
            tried=[part.key for part in steps if part.key in tried], by=by, now=now,
        )  # fmt: skip
        if incident is not None and incident.is_open:
            change_state(
                incident=incident, state=State.RESOLVED, reason=_("The game day is over."), all_the_same=True, by=by,
                now=now,
            )  # fmt: skip


def _findings(row: Drill, viewer: User) -> list[tuple[str, list[Finding]]]:
    """Each line of what was slow or wrong, with what follows from it. Two statements once it is over."""
    if row.done_at is None:
        return []
    rows = Finding.objects.filter(postmortem__incident=row.incident).prefetch_related("actions__owner")
    found = visible(rows, viewer=viewer, field="postmortem__incident")
    mine: dict[str, list[Finding]] = {}
    for one in found:
        mine.setdefault(one.text, []).append(one)
    return [(line, mine.get(line, [])) for line in row.findings.splitlines()]


def _follow(request: HttpRequest, row: Drill, viewer: User, *, now: dt.datetime) -> FollowForm | None:
    """What follows from one line: somebody does something until a day. The form with what is wrong, or None."""
    line, by, lines = request.POST.get("finding", ""), actor_of(viewer), row.findings.splitlines()
    incident = _room(row, viewer)
    if incident is None or row.done_at is None or line not in lines:
        messages.error(request, _("Say first what was slow or wrong."))
        return None
    form = FollowForm(request.POST, line=line, place=lines.index(line) + 1, today=today(now))
    if not form.is_valid():
        return form
    said = form.cleaned_data
    try:
        with transaction.atomic():
            postmortem = draft_postmortem(incident=incident, by=by, now=now)
            finding = add_finding(
                postmortem=postmortem, text=line, klass=said["klass"], means=said["what"], by=by, now=now
            )
            add_action(
                postmortem=postmortem, what=said["what"], owner=said["owner"], due=said["due"], finding=finding, by=by,
                now=now,
            )  # fmt: skip
    except Refused as refused:
        refuse(form, refused)
        return form
    messages.success(request, _("Saved."))
    return None
