"""'Are you all right?', answered by who was asked; and that somebody saw to food and rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.care_check import answer_care, see_to_care
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of
from firstcall.respond.queries.care_check import care_check_of


@require_POST
@needs("read")
def answered(request: HttpRequest, number: int) -> HttpResponse:
    """Who wants to be relieved goes on to the hand-over."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    check = care_check_of(viewer, incident=incident.pk)
    answer = request.POST.get("answer", "")
    try:
        if check is not None:
            answer_care(check=check, answer=answer, by=actor_of(viewer), now=clock.now())
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    if answer == "relief":
        return HttpResponseRedirect(reverse("hand_over", args=[number]))
    return done_in_room(request, number, _("Good to know. You are asked again later."))


@require_POST
@needs("respond")
def seen(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    see_to_care(incident=incident, by=actor_of(viewer_of(request)), now=clock.now())
    return done_in_room(request, number, _("Noted: it is seen to."))
