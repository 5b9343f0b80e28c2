"""'I need…' and 'it is there'."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.respond.commands.need import ask_need, meet_need
from firstcall.respond.models.need import Need
from firstcall.respond.pages.visit import done_in_room, person_named, room_of, sheet


@require_http_methods(["GET", "POST"])
@needs("respond")
def ask(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    viewer = viewer_of(request)
    refusal = None
    if request.method == "POST":
        try:
            asked = ask_need(
                incident=incident,
                what=request.POST.get("what", ""),
                asked_by=person_named(request.POST.get("asked_by", "")) or viewer,
                with_whom=person_named(request.POST.get("with_whom", "")),
                blocks=request.POST.get("blocks", "yes") == "yes",
                by=actor_of(viewer),
                now=clock.now(),
            )
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _said(asked))
    return sheet(request, "respond/need/ask.html", incident, refusal=refusal, people=active_people())


@require_POST
@needs("respond")
def met(request: HttpRequest, number: int, need: int) -> HttpResponse:
    incident = room_of(request, number)
    row = Need.objects.filter(pk=need, incident=incident).first()
    if row is None:
        raise Http404
    meet_need(need=row, by=actor_of(viewer_of(request)), now=clock.now())
    return done_in_room(request, number, _("It is there: {what}.").format(what=row.what))


def _said(need: Need) -> str:
    if need.with_whom is None:
        return _("Asked: {what}. The owner sees to it.").format(what=need.what)
    return _("Asked of {name}: {what}.").format(name=need.with_whom.name, what=need.what)
