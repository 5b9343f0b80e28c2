"""Ticking first steps in the room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.first_step import tick_first_step, untick_first_step
from firstcall.respond.pages.visit import back_to_room, refused_in_room, room_of


@require_POST
@needs("respond")
def tick(request: HttpRequest, number: int) -> HttpResponse:
    """`answer` is 'tick' or 'untick'."""
    incident = room_of(request, number)
    act = untick_first_step if request.POST.get("answer") == "untick" else tick_first_step
    try:
        act(
            incident=incident, part=request.POST.get("part", ""), step=request.POST.get("step", ""),
            by=actor_of(viewer_of(request)), now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return refused_in_room(request, number, refused)
    return back_to_room(number, "steps")
