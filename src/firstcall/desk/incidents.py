"""The list of incidents: open ones by severity, then the past."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstcall.kernel.number import number_in
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.rules.access import can
from firstcall.respond.queries.incident import open_incidents, past_incidents

A_PAGE = 30


@require_safe
@needs("read")
def incidents(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    start = number_in(request.GET.get("before", ""))
    past = past_incidents(viewer=viewer, before=start, at_most=A_PAGE + 1)
    return render(
        request,
        "desk/incidents.html",
        {
            "open": open_incidents(viewer=viewer) if start is None else [],
            "past": past[:A_PAGE],
            "older": past[A_PAGE - 1].pk if len(past) > A_PAGE else None,
            "can_respond": can(viewer.access, "respond"),
        },
    )
