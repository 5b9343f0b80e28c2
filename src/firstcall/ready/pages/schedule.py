"""Who is on call now, next, and for the coming two weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.schedule import add_override, change_schedule, make_schedule
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.pages.forms import HANDOVER, TURNS, OverrideForm, ScheduleForm, refuse
from firstcall.ready.queries.oncall import all_plans

SHOWN = dt.timedelta(days=14)


@needs("read")
@require_http_methods(["GET"])
def oncall(request: HttpRequest) -> HttpResponse:
    """Every schedule with fourteen days of shifts, gaps said by name."""
    now = clock.now()
    people = {user.pk: user for user in User.objects.filter(is_active=True)}
    shown: list[dict[str, Any]] = []
    for plan in all_plans():
        held = [
            {
                "user": people.get(shift.user or 0),
                "starts": shift.starts if shift.starts > now else None,
                "ends": shift.ends if shift.ends < now + SHOWN else None,
            }
            for shift in plan.shifts(start=now, end=now + SHOWN)
        ]
        shown.append({"schedule": plan.schedule, "now": held[0]["user"] if held else None, "shifts": held})
    paths = EscalationPath.objects.prefetch_related("steps__schedule", "steps__user")
    gaps = [row["schedule"].name for row in shown if row["now"] is None]
    context = {
        "schedules": shown, "gaps": gaps, "paths": paths, "form": OverrideForm(initial={"starts": now}),
        "can_prepare": can(viewer_of(request).access, "prepare"),
    }  # fmt: skip
    return render(request, "ready/schedule/oncall.html", context)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def schedule_edit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Make a schedule with one rotation, or change one."""
    viewer, now = viewer_of(request), clock.now()
    schedule = None if number is None else get_object_or_404(Schedule, pk=number)
    form = ScheduleForm(request.POST or None, initial=_initial(schedule, viewer, now=now))
    if request.method == "POST" and form.is_valid():
        kept = {name: form.cleaned_data[name] for name in ("name", "zone", "length_days", "handover", "starts")}
        kept |= {"members": form.members(), "by": actor_of(viewer), "now": now}
        try:
            made = make_schedule(**kept) if schedule is None else change_schedule(schedule=schedule, **kept)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": made.name})
            return redirect("oncall")
    context = {"form": form, "schedule": schedule}
    return render(request, "ready/schedule/form.html", context, status=422 if form.errors else 200)


def _initial(schedule: Schedule | None, viewer: User, *, now: dt.datetime) -> dict[str, Any]:
    """As it stands; a new one begins at the last hand-over, so that somebody is on call at once."""
    if schedule is None:
        here = now.astimezone(ZoneInfo(viewer.zone))
        begins = here.date() if here.time() >= HANDOVER else here.date() - dt.timedelta(days=1)
        return {"zone": viewer.zone, "starts": begins, "handover": HANDOVER, "first": viewer.pk}
    initial: dict[str, Any] = {"name": schedule.name, "zone": schedule.zone}
    rotation = schedule.rotations.first()
    if rotation is not None:
        initial |= {"length_days": rotation.length_days, "handover": rotation.handover, "starts": rotation.starts}
        initial |= zip(TURNS, rotation.members.values_list("user", flat=True), strict=False)
    return initial


@needs("prepare")
@require_POST
def override_add(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody takes over for a while."""
    schedule, form = get_object_or_404(Schedule, pk=number), OverrideForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Say who takes over, from when until when."))
        add_override(schedule=schedule, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Noted."))
    return redirect("oncall")
