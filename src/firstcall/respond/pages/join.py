"""Into the room that is open for the same thing: from triage, and from a group of alerts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.detect.queries.group import group_numbered
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.join import join_group, join_room
from firstcall.respond.models.incident import Incident
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of
from firstcall.respond.queries.incident import real_incidents


def room_chosen(number: str, *, viewer: User) -> Incident:
    """An open room this person may see. Raises Refused when there is none of that number."""
    found = next((one for one in real_incidents(viewer=viewer) if str(one.pk) == number), None)
    if found is None:
        raise Refused(_("Nobody works on that any more: choose another."), field="into")
    return found


@require_POST
@needs("respond")
def room(request: HttpRequest, number: int) -> HttpResponse:
    """What is in triage."""
    incident, viewer = room_of(request, number), viewer_of(request)
    try:
        into = room_chosen(request.POST.get("into", ""), viewer=viewer)
        join_room(incident=incident, into=into, by=actor_of(viewer), now=clock.now())
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    words = _("{reference} is closed: what it was about is here now.")
    return done_in_room(request, into.pk, words.format(reference=incident.reference))


@require_POST
@needs("respond")
def group(request: HttpRequest, number: int) -> HttpResponse:
    """A group of alerts."""
    viewer = viewer_of(request)
    row = group_numbered(number, viewer=viewer)
    if row is None:
        raise Http404
    try:
        into = room_chosen(request.POST.get("into", ""), viewer=viewer)
        join_group(group=row, into=into, by=actor_of(viewer), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("alert", number)
    return done_in_room(request, into.pk, _("Its alerts are in this room now."))
