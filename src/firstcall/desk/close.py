"""Moving an incident on as far as closing it: who was told that it fails, and not that it is over, is named before."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from ninja import Router

from firstcall.desk.over import names_of, untold
from firstcall.desk.standing import standings
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.api.caller import Needs, caller
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.api.incident import IncidentOut, NewState
from firstcall.respond.commands.incident import change_state
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of, sheet
from firstcall.respond.queries.incident import incident_for
from firstcall.respond.queries.report import reports_of

router = Router(tags=["incidents"])


def refuse_untold(incident: Incident, *, viewer: User, all_the_same: bool, now: dt.datetime) -> None:
    """Raise Refused with those who are still owed the end of what is about to be closed, unless `all_the_same`."""
    waiting = () if all_the_same else untold(standings([incident], viewer=viewer, now=now)[0])
    if waiting:
        said = _("Not told yet that it works again: {who}. Tell them first, or say that you close it all the same.")
        raise Refused(said.format(who=names_of(waiting)), field="all_the_same")


@router.post("/{number}/state", response=IncidentOut, auth=Needs("respond"), summary="Move it to another state")
def state(request: HttpRequest, number: int, given: NewState) -> Incident:
    """Over the API."""
    user, now = caller(request), clock.now()
    incident = incident_for(viewer=user, number=number)
    if given.state == State.CLOSED:
        refuse_untold(incident, viewer=user, all_the_same=given.all_the_same, now=now)
    return change_state(
        incident=incident, state=given.state, reason=given.reason, all_the_same=given.all_the_same, back=given.back,
        by=actor_of(user), now=now,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("respond")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """One look at what is still owed, then one button."""
    incident, viewer, now = room_of(request, number), viewer_of(request), clock.now()
    if request.method == "POST":
        try:
            refuse_untold(incident, viewer=viewer, all_the_same=request.POST.get("all_the_same") == "yes", now=now)
            change_state(
                incident=incident, state=State.CLOSED, by=actor_of(viewer), now=now,
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refused as refusal:
            if refusal.field == "all_the_same":
                return _asked(request, incident, viewer, refusal, now=now)
            return refused_in_room(request, number, refusal)
        return done_in_room(request, number, _("{reference} is closed.").format(reference=incident.reference))
    if incident.state != State.RESOLVED:
        return refused_in_room(request, number, Refused(_("Only what is resolved can be closed.")))
    return _asked(request, incident, viewer, None, now=now)


def _asked(
    request: HttpRequest, incident: Incident, viewer: User, refusal: Refused | None, *, now: dt.datetime
) -> HttpResponse:
    waiting = untold(standings([incident], viewer=viewer, now=now)[0])
    told = names_of(waiting) if waiting else ""
    return sheet(
        request, "desk/close.html", incident, refusal=refusal, untold=told, callers=_not_rung(incident, viewer)
    )  # fmt: skip


def _not_rung(incident: Incident, viewer: User) -> list[tuple[str, str]]:
    """Who reported that it fails and was not rung since it is over: name and number, the latest first."""
    over_at = incident.resolved_at or incident.closed_at or incident.opened_at
    rung = CallBack.objects.filter(incident=incident, done_at__gte=over_at)
    known = set(rung.values_list("customer_name", flat=True))
    found: dict[str, str] = {}
    for one in reports_of(incident, viewer=viewer):
        name = one.customer.name if one.customer else one.who
        if name and name not in known:
            found.setdefault(name, one.phone or (one.customer.phone if one.customer else ""))
    return list(found.items())
