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

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import PathForm, refuse
from firstcall.ready.queries.path import frozen_plan, people_of_step


def _steps(form: PathForm) -> list[Step]:
    steps = []
    for number in range(1, 5):
        kind, _colon, pk = form.cleaned_data.get(f"target{number}", "").partition(":")
        if not pk:
            continue
        target: Schedule | User = (
            Schedule.objects.get(pk=int(pk)) if kind == "schedule" else User.objects.get(pk=int(pk))
        )
        steps.append(Step(target, form.cleaned_data.get(f"wait{number}") or 5))
    return steps


def _initial(path: EscalationPath | None) -> dict[str, Any]:
    if path is None:
        return {}
    initial: dict[str, Any] = {"name": path.name}
    for number, step in enumerate(path.steps.all(), 1):
        target = f"schedule:{step.schedule_id}" if step.schedule_id else f"user:{step.user_id}"
        initial |= {f"target{number}": target, f"wait{number}": step.wait_minutes}
    return initial


@needs("prepare")
@require_http_methods(["GET", "POST"])
def path_edit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Make a path or change one."""
    path = None if number is None else get_object_or_404(EscalationPath, pk=number)
    form = PathForm(request.POST or None, initial=_initial(path))
    if request.method == "POST" and form.is_valid():
        try:
            row = set_path(
                name=form.cleaned_data["name"], steps=_steps(form), path=path, by=actor_of(viewer_of(request)),
                now=clock.now(),
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
    """One path, and who would be woken at the moment asked for (now, when none is)."""
    row = get_object_or_404(EscalationPath, pk=number)
    asked = parse_datetime(request.GET.get("at", "")) if request.GET.get("at") else None
    if asked is not None and asked.tzinfo is None:
        asked = asked.replace(tzinfo=get_current_timezone())
    moment = (asked or clock.now()).astimezone(dt.UTC)
    woken, at = [], moment
    for step in frozen_plan(row)["steps"]:
        woken.append({"at": at, "people": people_of_step(step, at=at), "wait": step["wait_minutes"]})
        at += dt.timedelta(minutes=step["wait_minutes"])
    context = {"path": row, "steps": row.steps.select_related("schedule", "user"), "woken": woken, "asked": moment}
    return render(request, "ready/path/path.html", {**context, "end": at})
