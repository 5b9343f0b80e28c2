"""What each hour of the week costs of a flow: the picture, a file, and looking at it before it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.journal.spoken import speak
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.hours_import import forget_hours, import_hours
from firstcall.ready.commands.preview import keep_preview
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import PreviewKind
from firstcall.ready.pages.forms import refuse
from firstcall.ready.pages.preview_form import TableForm
from firstcall.ready.queries.hours_import import mark_of, week_of, week_picture
from firstcall.ready.queries.preview import preview_of
from firstcall.ready.rules.cost import figure_of

SHOWN = 50


@needs("read", post="prepare")
@require_http_methods(["GET", "POST"])
def flow_hours(request: HttpRequest, slug: str) -> HttpResponse:
    """What the hours cost now, and a file for other figures. Nothing holds yet."""
    flow = get_object_or_404(Flow, slug=slug)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        body, name = form.body()
        try:
            row = keep_preview(body=body, name=name, person=viewer_of(request), now=clock.now(), flow=flow)
        except Refused as refused:
            refuse(form, refused)
        else:
            return redirect("flow_hours_import", flow.slug, row.pk)
    context = {
        "flow": flow, "form": form, "week": week_picture(flow.by_hour) if flow.by_hour else None,
        "can_prepare": can(viewer_of(request).access, "prepare") and not flow.origin,
    }  # fmt: skip
    return render(request, "ready/flow/hours.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_http_methods(["GET", "POST"])
def flow_hours_import(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What the file says; POST makes it hold."""
    flow = get_object_or_404(Flow, slug=slug)
    row = preview_of(number, person=viewer_of(request), kind=PreviewKind.HOURS)
    if row is None or row.flow_id != flow.pk:
        messages.error(
            request, _("This preview has left: it was imported, or a day has passed. Choose the file again.")
        )
        return redirect("flow_hours", slug)
    if request.method == "POST":
        try:
            import_hours(
                preview=row, mark=request.POST.get("mark", ""), by=actor_of(viewer_of(request)), now=clock.now()
            )
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("flow_hours", slug)
    week = week_of(row)
    context: dict[str, Any] = {
        "flow": flow, "preview": row, "more": max(0, len(week.faults) - SHOWN),
        "faults": [(one.line, speak(one.sentence)) for one in week.faults[:SHOWN]],
        "week": None if week.faults else week_picture(week.hours), "mark": mark_of(flow, week),
        "same": list(week.hours) == flow.by_hour,
        "figure": figure_of(week.hours) if week.hours and flow.cost_per_hour is None else None,
    }  # fmt: skip
    return render(request, "ready/flow/hours_import.html", context, status=200 if request.method == "GET" else 422)


@require_POST
@needs("prepare")
def flow_hours_forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Every hour costs the same again."""
    flow = get_object_or_404(Flow, slug=slug)
    try:
        forget_hours(flow=flow, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("flow_hours", slug)
