"""Closing what is resolved: who was told that it fails, and not yet that it is over, is named before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.desk.over import names_of, untold
from firstcall.desk.standing import standings
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import change_state
from firstcall.respond.models.incident import State
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of, sheet


@require_http_methods(["GET", "POST"])
@needs("respond")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """One look at what is still owed, then one button."""
    incident, viewer, now = room_of(request, number), viewer_of(request), clock.now()
    if request.method == "POST":
        try:
            change_state(
                incident=incident, state=State.CLOSED, by=actor_of(viewer), now=now,
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refused as refusal:
            return refused_in_room(request, number, refusal)
        return done_in_room(request, number, _("{reference} is closed.").format(reference=incident.reference))
    if incident.state != State.RESOLVED:
        return refused_in_room(request, number, Refused(_("Only what is resolved can be closed.")))
    waiting = untold(standings([incident], viewer=viewer, now=now)[0])
    return sheet(request, "desk/close.html", incident, untold=names_of(waiting) if waiting else "")
