"""Handing over with a note, and reading it before one accepts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.respond.commands.handover import accept_handover, decline_handover, offer_handover
from firstcall.respond.models.role import Role
from firstcall.respond.pages.visit import done_in_room, person_named, room_of, sheet
from firstcall.respond.queries.handover import handover_for
from firstcall.respond.queries.role import holdings_of


@require_http_methods(["GET", "POST"])
@needs("read")
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """One of my roles, to whom, and a few words."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    mine = [one.role for one in holdings_of([number], viewer=viewer) if one.user_id == viewer.pk]
    refusal = None
    if request.method == "POST":
        try:
            taker = person_named(request.POST.get("taker", ""))
            if taker is None:
                raise Refused(_("Choose who takes over."), field="taker")
            offer_handover(
                incident=incident, role=request.POST.get("role", ""), giver=viewer, taker=taker,
                note=request.POST.get("note", ""), by=actor_of(viewer), now=clock.now(),
            )  # fmt: skip
        except Refused as no:
            refusal = no
        else:
            said = _("{name} is asked. Until then it stays yours.").format(name=taker.name)
            return done_in_room(request, number, said)
    wanted = request.POST.get("role") or request.GET.get("role") or (mine[0] if mine else "")
    return sheet(
        request, "respond/handover/offer.html", incident, refusal=refusal,
        mine=[role for role in Role if role.value in mine], wanted=wanted,
        people=[one for one in active_people() if one.pk != viewer.pk],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("read")
def handover(request: HttpRequest, number: int, offer: int) -> HttpResponse:
    """The note, and the two answers of who is asked; who gave it can take it back."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    row = handover_for(viewer=viewer, incident=number, number=offer)
    if row is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        by, now = actor_of(viewer), clock.now()
        try:
            if viewer.pk == row.taker_id and request.POST.get("answer") == "accept":
                accept_handover(offer=row, by=by, now=now)
            elif viewer.pk in (row.taker_id, row.giver_id):
                decline_handover(offer=row, by=by, now=now)
            else:
                raise Refused(_("Only {name} can answer this.").format(name=row.taker.name))
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("Answered. The timeline keeps it."))
    return sheet(request, "respond/handover/answer.html", incident, refusal=refusal, offer=row)
