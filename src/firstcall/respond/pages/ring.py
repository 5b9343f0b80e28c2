"""A provider was rung."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.ring import note_rung
from firstcall.respond.pages.visit import back_to_room
from firstcall.respond.queries.ring import ring_for


@require_POST
@needs("read")
def rung(request: HttpRequest, number: int, ring: int) -> HttpResponse:
    """Whoever was asked may say it, whatever else they may do."""
    viewer = viewer_of(request)
    row = ring_for(viewer=viewer, incident=number, pk=ring)
    if row is None:
        raise Http404
    note_rung(ring=row, by=actor_of(viewer), now=clock.now())
    messages.success(request, _("Noted: {name} was rung.").format(name=row.provider.name))
    return back_to_room(number)
