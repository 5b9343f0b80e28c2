"""Answering a look-in, and saying that one was interrupted: single taps."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.look_in import answer_look_in, note_interruption
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.pages.visit import done_in_room, room_of
from firstcall.respond.queries.look_in import look_in_for


def _look_in(request: HttpRequest, number: int, look_in: int) -> LookIn:
    room_of(request, number)
    row = look_in_for(viewer=viewer_of(request), incident=number, number=look_in)
    if row is None:
        raise Http404
    return row


@require_POST
@needs("respond")
def answered(request: HttpRequest, number: int, look_in: int) -> HttpResponse:
    """'I have all I need'."""
    row = _look_in(request, number, look_in)
    answer_look_in(look_in=row, blocked=False, by=actor_of(viewer_of(request)), now=clock.now())
    return done_in_room(request, number, _("Noted: you have all you need."))


@require_POST
@needs("respond")
def interrupted(request: HttpRequest, number: int) -> HttpResponse:
    """'I was asked for news'."""
    incident = room_of(request, number)
    note_interruption(incident=incident, by=actor_of(viewer_of(request)), now=clock.now())
    return done_in_room(request, number, _("Noted: you were asked all the same."))
