"""'I have it' and 'wake them again', from the room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.escalation import start_escalation, take_escalation
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of
from firstcall.respond.queries.escalation import latest_escalations


@require_POST
@needs("respond")
def have_it(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    viewer = viewer_of(request)
    latest = latest_escalations([incident.pk], viewer=viewer).get(incident.pk)
    try:
        if latest is None:
            raise Refused(_("Nobody was paged for this."))
        take_escalation(escalation=latest, user=viewer, by=actor_of(viewer), now=clock.now())
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    return done_in_room(request, number, _("You have it. Nobody more is paged."))


@require_POST
@needs("respond")
def wake(request: HttpRequest, number: int) -> HttpResponse:
    """Run the path that flow and severity ask for, from its first step."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    try:
        if start_escalation(incident=incident, by=actor_of(viewer), now=clock.now(), at_once=True) is None:
            raise Refused(_("There is no escalation path for this. Choose someone to wake."))
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    return done_in_room(request, number, _("The path runs: whoever is first on it is paged now."))
