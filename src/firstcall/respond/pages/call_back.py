"""A promised call was made."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.call_back import keep_call_back
from firstcall.respond.pages.visit import done_in_room
from firstcall.respond.queries.call_back import call_back_for


@require_POST
@needs("read")
def kept(request: HttpRequest, call: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = call_back_for(viewer=viewer, pk=call)
    if row is None:
        raise Http404
    keep_call_back(call=row, by=actor_of(viewer), now=clock.now())
    said = _("Noted: {customer} was called back.").format(customer=row.customer_name)
    if row.incident_id is not None:
        return done_in_room(request, row.incident_id, said)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("now"))
