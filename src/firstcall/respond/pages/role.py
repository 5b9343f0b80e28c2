"""Taking and giving roles, and waking someone more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.ready.queries.oncall import on_call_now
from firstcall.respond.commands.escalation import bring_in
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.models.role import Role
from firstcall.respond.pages.visit import (
    done_in_room,
    person_named,
    refused_in_room,
    room_of,
    sheet,
)
from firstcall.respond.queries.role import holdings_of
from firstcall.respond.rules.role import ASKED, DOES


@require_POST
@needs("respond")
def take(request: HttpRequest, number: int) -> HttpResponse:
    """The one who presses it takes the role."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    role = request.POST.get("role", "")
    try:
        take_role(
            incident=incident,
            role=role,
            user=viewer,
            by=actor_of(viewer),
            now=clock.now(),
        )
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    said = _("It is yours: you are the {role}.").format(role=str(Role(role).label).lower())
    return done_in_room(request, number, said)


@require_http_methods(["GET", "POST"])
@needs("respond")
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Name who does what: one list, one button."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    held = {one.role: one.user for one in holdings_of([incident.pk], viewer=viewer)}
    if request.method == "POST":
        by, now = actor_of(viewer), clock.now()
        for role in Role.values:
            if role not in request.POST:
                continue
            user = person_named(request.POST[role])
            if user is not None:
                take_role(incident=incident, role=role, user=user, by=by, now=now)
            elif role in held:
                leave_role(incident=incident, role=role, by=by, now=now)
        return done_in_room(request, number, _("Written down: who does what."))
    roles = [(role, ASKED[role.value], DOES[role.value], held.get(role.value)) for role in Role]
    return sheet(
        request,
        "respond/role/give.html",
        incident,
        roles=roles,
        people=active_people(),
        wanted=request.GET.get("role", ""),
    )


@require_http_methods(["GET", "POST"])
@needs("respond")
def bring(request: HttpRequest, number: int) -> HttpResponse:
    """Who needs to know now? Wakes one person."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    refusal = None
    if request.method == "POST":
        user = person_named(request.POST.get("user", ""))
        try:
            if user is None:
                raise Refused(_("Choose who to wake."), field="user")
            bring_in(incident=incident, user=user, by=actor_of(viewer), now=clock.now())
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("{name} is being woken.").format(name=user.name))
    now = clock.now()
    return sheet(
        request,
        "respond/role/bring.html",
        incident,
        refusal=refusal,
        people=[user for user in active_people() if user.pk != viewer.pk],
        on_call={user.pk for user in on_call_now(at=now)},
    )
