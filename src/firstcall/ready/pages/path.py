"""Escalation paths, and a dry run: who would be woken, when, at a given moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.journal.spoken import speak
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.path import Step, choose_path, set_path
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import LaneKind
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import PathForm, refuse
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import all_plans
from firstcall.ready.queries.path import told_steps
from firstcall.ready.queries.waking import Rehearsal, all_admins, rehearse
from firstcall.ready.rules.lane import LaneFacts, condition


def _steps(form: PathForm) -> list[Step]:
    steps = []
    for number in form.numbers:
        kind, _colon, pk = form.cleaned_data.get(f"target{number}", "").partition(":")
        if not pk:
            continue
        target: Schedule | User = (
            Schedule.objects.get(pk=int(pk)) if kind == "schedule" else User.objects.get(pk=int(pk))
        )
        wait = form.cleaned_data.get(f"wait{number}")
        steps.append(Step(target, 5 if wait is None else wait))
    return steps


def _initial(path: EscalationPath | None) -> dict[str, Any]:
    if path is None:
        return {"flows": list(Flow.objects.filter(path=None))}
    initial: dict[str, Any] = {"name": path.name, "flows": list(path.flows.all())}
    for number, step in enumerate(path.steps.all(), 1):
        target = f"schedule:{step.schedule_id}" if step.schedule_id else f"user:{step.user_id}"
        initial |= {f"target{number}": target, f"wait{number}": step.wait_minutes}
    return initial


@needs("prepare")
@require_http_methods(["GET", "POST"])
def path_edit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Make a path or change one."""
    path = None if number is None else get_object_or_404(EscalationPath, pk=number)
    form = PathForm(request.POST or None, initial=_initial(path), there=path.steps.count() if path else 0)
    if request.method == "POST" and form.is_valid():
        try:
            row = set_path(
                name=form.cleaned_data["name"], steps=_steps(form), path=path, flows=form.cleaned_data["flows"],
                by=actor_of(viewer_of(request)), now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("path", row.pk)
    return render(request, "ready/path/form.html", {"form": form, "path": path}, status=422 if form.errors else 200)


@needs("read")
@require_http_methods(["GET"])
def path(request: HttpRequest, number: int) -> HttpResponse:
    """One path, and the dry run: who would be woken if a flow broke at the moment asked for."""
    row = get_object_or_404(EscalationPath, pk=number)
    flows = list(flows_by_criticality())
    wanted = request.GET.get("flow") or next((flow.slug for flow in flows if flow.path_id == row.pk), "")
    flow = next((flow for flow in flows if flow.slug == wanted), None)
    severity = request.GET.get("severity", "1")
    severity = severity if severity in ("1", "2", "3", "4") else "1"
    moment = _asked(request)
    plans, admins = {plan.schedule.pk: plan for plan in all_plans()}, all_admins()
    context = {
        "path": row,
        "steps": told_steps(row.steps.select_related("schedule", "user")),
        "lanes": [
            (lane, speak(condition(LaneFacts(lane.severity, lane.after_minutes, lane.when))))
            for lane in row.lanes.select_related("user", "schedule")
        ],
        "flows": flows,
        "users": [flow for flow in flows if flow.path_id == row.pk],
        "flow": flow,
        "severity": int(severity),
        "asked": moment,
        "given": f"{moment.astimezone(get_current_timezone()):%Y-%m-%dT%H:%M}",
        "run": _shown(rehearse(flow, int(severity), now=moment, plans=plans, admins=admins)),
        "others": [
            (other, _shown(rehearse(flow, other, now=moment, plans=plans, admins=admins)))
            for other in (1, 2, 3, 4)
            if str(other) != severity
        ],
        "can_prepare": can(viewer_of(request).access, "prepare"),
    }
    return render(request, "ready/path/path.html", context)


def _shown(run: Rehearsal) -> dict[str, Any]:
    told = [
        {
            "at": one.at, "people": one.people, "kind": LaneKind(one.kind).label,
            "condition": speak(condition(one.facts)),
        }
        for one in run.told
    ]  # fmt: skip
    return {
        "told": told,
        "run": run,
        "reason": speak(run.woken.waking.reason),
        "path": (run.woken.plan or {}).get("path", ""),
    }


def _asked(request: HttpRequest) -> dt.datetime:
    """The moment asked for, in the reader's zone; else the coming Saturday at 02:30, when nobody is at a desk."""
    zone = get_current_timezone()
    try:
        asked = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        asked = None
    if asked is None:
        today = clock.now().astimezone(zone).date()
        day = today + dt.timedelta(days=(5 - today.weekday()) % 7 or 7)
        asked = dt.datetime.combine(day, dt.time(2, 30))
    return (asked if asked.tzinfo else asked.replace(tzinfo=zone)).astimezone(dt.UTC)


@needs("prepare")
@require_http_methods(["POST"])
def flow_path(request: HttpRequest, slug: str) -> HttpResponse:
    """Another path for one severity of a flow, or its own again."""
    flow = get_object_or_404(Flow, slug=slug)
    path = EscalationPath.objects.filter(pk=number_in(request.POST.get("path", "")) or 0).first()
    try:
        choose_path(
            flow=flow, severity=number_in(request.POST.get("severity", "")) or 0, path=path,
            by=actor_of(viewer_of(request)), now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved."))
    return redirect("flow", flow.slug)
