"""Who is on call now, next, and for the coming two weeks; one schedule with its layers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.people.rules.access import can
from firstcall.ready.commands.schedule import (
    Layer,
    add_override,
    layers_of,
    remove_override,
    remove_schedule,
    set_schedule,
)
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Override, Schedule
from firstcall.ready.pages.forms import refuse
from firstcall.ready.pages.schedule_form import (
    HANDOVER,
    TURNS,
    LayerForm,
    NewScheduleForm,
    OverrideForm,
    ScheduleForm,
)
from firstcall.ready.queries.oncall import Plan, all_plans, plan_of
from firstcall.ready.queries.path import told_steps
from firstcall.ready.queries.shift_picture import ShiftPicture, shift_picture
from firstcall.ready.queries.swap import open_swaps

FAR = dt.timedelta(days=60)


def _shown(plan: Plan, people: list[User], viewer: User, *, now: dt.datetime) -> dict[str, Any]:
    """A schedule as both pages show it: the picture, the shifts from now on, who is on call and who is next."""
    picture: ShiftPicture = shift_picture(plan, viewer=viewer, now=now, people=people)
    coming = [bar for bar in picture.bars if bar.ends > now]
    return {
        "schedule": plan.schedule,
        "picture": picture,
        "shifts": coming,
        "until": picture.until,
        "held": coming[0].user if coming else None,
        "gaps": [bar for bar in coming if bar.user is None],
    }


@needs("read")
@require_http_methods(["GET"])
def oncall(request: HttpRequest) -> HttpResponse:
    """Every schedule with fourteen days of shifts, gaps said by name."""
    viewer, now = viewer_of(request), clock.now()
    people = list(active_people())
    shown = [_shown(plan, people, viewer, now=now) for plan in all_plans()]
    rows = EscalationPath.objects.prefetch_related("steps__schedule", "steps__user")
    paths = [(path, told_steps(path.steps.all())) for path in rows]
    gaps = [row["schedule"].name for row in shown if row["held"] is None]
    context = {
        "schedules": shown, "gaps": gaps, "paths": paths, "form": OverrideForm(initial={"starts": now}),
        "can_prepare": can(viewer.access, "prepare"), "swaps": open_swaps(viewer, now=now),
        "can_move": can(viewer.access, "administer"),
    }  # fmt: skip
    return render(request, "ready/schedule/oncall.html", context)


@needs("read")
@require_http_methods(["GET"])
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """One schedule: two weeks, its layers, and who takes over when. A known number of statements."""
    return _page(request, _row(number), OverrideForm(initial={"starts": clock.now()}))


def _row(number: int) -> Schedule:
    return get_object_or_404(Schedule.objects.select_related("owner", "team"), pk=number)


def _page(request: HttpRequest, row: Schedule, form: OverrideForm) -> HttpResponse:
    """The page of one schedule, with what was typed into its form."""
    viewer, now, plan = viewer_of(request), clock.now(), plan_of(row)
    context = {
        **_shown(plan, list(active_people()), viewer, now=now),
        "layers": row.rotations.prefetch_related("members__user").select_related("calendar"),
        "overrides": row.overrides.select_related("user").filter(ends__gt=now),
        "form": form,
        "can_prepare": can(viewer.access, "prepare") and not row.origin,
        "can_override": can(viewer.access, "prepare"),
        "mine": viewer.pk in plan.people,
        "days": dict(enumerate((_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")), 1)),
    }
    return render(request, "ready/schedule/schedule.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def schedule_new(request: HttpRequest) -> HttpResponse:
    """Make a schedule with its first layer."""
    viewer, now = viewer_of(request), clock.now()
    usual = _first(viewer, now=now)
    form = NewScheduleForm(request.POST or None, initial=usual, usual=usual)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_schedule(
                layers=[form.layer()], **{name: form.cleaned_data[name] for name in ScheduleForm.base_fields},
                by=actor_of(viewer), now=now,
            )  # fmt: skip
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": made.name})
            return redirect("schedule", made.pk)
    return render(request, "ready/schedule/form.html", {"form": form}, status=422 if form.errors else 200)


def _first(viewer: User, *, now: dt.datetime) -> dict[str, Any]:
    """A new layer begins at the last hand-over of a Monday, so that somebody is on call at once."""
    here = now.astimezone(ZoneInfo(viewer.zone))
    days = here.weekday() or (0 if here.time() >= HANDOVER else 7)
    begins = here.date() - dt.timedelta(days=days)
    return {"zone": viewer.zone, "starts": begins, "handover": HANDOVER, "first": viewer.pk, "owner": viewer.pk}


@needs("prepare")
@require_http_methods(["GET", "POST"])
def schedule_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Another name or clock, or somebody else to look after it."""
    row = get_object_or_404(Schedule, pk=number)
    form = ScheduleForm(request.POST or None, initial={name: getattr(row, name) for name in ScheduleForm.base_fields})
    if request.method == "POST" and form.is_valid():
        answer = _keep(request, row, form, layers_of(row), **form.cleaned_data)
        if answer is not None:
            return answer
    context = {"form": form, "schedule": row}
    return render(request, "ready/schedule/form.html", context, status=422 if form.errors else 200)


def _keep(
    request: HttpRequest, row: Schedule, form: ScheduleForm | LayerForm, layers: list[Layer], **said: Any
) -> HttpResponse | None:
    """Give the schedule these layers; None when that was refused, with the reason in the form."""
    known = {"name": row.name, "zone": row.zone, **said}
    try:
        set_schedule(schedule=row, layers=layers, **known, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        refuse(form, refused)
        return None
    messages.success(request, _("Saved."))
    return redirect("schedule", row.pk)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def layer_edit(request: HttpRequest, number: int, place: int | None = None) -> HttpResponse:
    """Add a layer below the others, or change the one at `place`."""
    row = get_object_or_404(Schedule, pk=number)
    layers = layers_of(row)
    if place is not None and not 0 <= place < len(layers):
        raise Http404
    usual = _first(viewer_of(request), now=clock.now())
    layer = None if place is None else layers[place]
    initial = usual if layer is None else _initial(layer)
    usual |= {"starts": initial["starts"]}  # any first day is as usual as another
    form = LayerForm(request.POST or None, initial=initial, usual=usual, layer=layer)
    if request.method == "POST" and form.is_valid():
        try:
            layer = form.layer()
        except Refused as refused:
            refuse(form, refused)
        else:
            changed = [*layers, layer] if place is None else [*layers[:place], layer, *layers[place + 1 :]]
            answer = _keep(request, row, form, changed)
            if answer is not None:
                return answer
    context = {"form": form, "schedule": row, "is_layer": True}
    return render(request, "ready/schedule/form.html", context, status=422 if form.errors else 200)


def _initial(layer: Layer) -> dict[str, Any]:
    """A layer as its form shows it."""
    initial: dict[str, Any] = {
        "title": layer.name, "unit": "hours" if layer.length_hours else "days",
        "length": layer.length_hours or layer.length_days, "handover": layer.handover, "starts": layer.starts,
        "until": layer.until, "layer_zone": layer.zone,
    }  # fmt: skip
    places = (*TURNS, *(f"turn{n}" for n in range(len(TURNS) + 1, len(layer.members) + 1)))
    initial |= zip(places, (user.pk for user in layer.members), strict=False)
    if layer.windows:
        window = layer.windows[0]
        initial |= {"days": [str(day) for day in window.days], "hours_from": window.starts, "hours_to": window.ends}
    return initial


@needs("prepare")
@require_POST
def layer_move(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Take a layer one up, or away."""
    row = get_object_or_404(Schedule, pk=number)
    layers = layers_of(row)
    if not 0 <= place < len(layers):
        raise Http404
    layer = layers.pop(place)
    if request.POST.get("do") == "up":
        layers.insert(max(0, place - 1), layer)
    form = ScheduleForm()
    form.cleaned_data = {}
    answer = _keep(request, row, form, layers)
    if answer is None:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    return redirect("schedule", row.pk)


@needs("prepare")
@require_POST
def schedule_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a schedule away."""
    row = get_object_or_404(Schedule, pk=number)
    try:
        remove_schedule(schedule=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("schedule", row.pk)
    messages.success(request, _("Removed."))
    return redirect("oncall")


@needs("prepare")
@require_POST
def override_add(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody takes over for a while."""
    row, form = _row(number), OverrideForm(request.POST)
    if form.is_valid():
        try:
            add_override(schedule=row, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Noted."))
            return redirect("schedule", row.pk)
    return _page(request, row, form)


@needs("prepare")
@require_POST
def override_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The rotation counts again."""
    row = get_object_or_404(Override.objects.select_related("schedule", "user"), pk=number)
    try:
        remove_override(override=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The rotation counts again."))
    return redirect("schedule", row.schedule_id)
