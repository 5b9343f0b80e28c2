"""Who asks, about which incident, and the way back to its room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import viewer_of
from firstcall.people.queries.people import person
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for
from firstcall.respond.rules.wall_time import last_at, next_at, parse_time, zone_named

UNPROCESSABLE = 422


def room_of(request: HttpRequest, number: int) -> Incident:
    """The incident, or the same 404 for what isn't there and what may not be seen."""
    try:
        return incident_for(viewer=viewer_of(request), number=number)
    except Gone as gone:
        raise Http404 from gone


def back_to_room(number: int, region: str = "next") -> HttpResponseRedirect:
    """To the room's top card, the next thing to do; the browser puts the focus there by the address alone.

    `region`: for an act that is one of several in a list, where one goes on.
    """
    return HttpResponseRedirect(f"{reverse('room', args=[number])}#region-{region}")


def done_in_room(request: HttpRequest, number: int, said: str) -> HttpResponseRedirect:
    """Back to the room's top card, with what was done said."""
    messages.success(request, said)
    return back_to_room(number)


def refused_in_room(request: HttpRequest, number: int, refusal: Refused) -> HttpResponse:
    """A button that could not do what it says: the sentence is shown in the room."""
    messages.error(request, refusal.sentence)
    return back_to_room(number)


def sheet(
    request: HttpRequest,
    template: str,
    incident: Incident,
    *,
    refusal: Refused | None = None,
    given: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """A form of the room as a page of its own, with what was typed and why it was refused."""
    return render(
        request,
        template,
        {
            "incident": incident,
            "refusal": refusal,
            "refused": {refusal.field or "": refusal.sentence} if refusal else {},
            "given": given if given is not None else request.POST,
            **context,
        },
        status=UNPROCESSABLE if refusal else 200,
    )


def past_time(text: str, *, user: User, now: dt.datetime, refusal: str, field: str) -> dt.datetime | None:
    """'22:54' as the last such moment for this person; None when left empty. Raises Refused when it is no time."""
    if not text.strip():
        return None
    time = parse_time(text)
    if time is None:
        raise Refused(refusal, field=field)
    return last_at(time, now=now, zone=zone_named(user.zone))


def coming_time(text: str, *, user: User, now: dt.datetime, refusal: str, field: str) -> dt.datetime | None:
    """'23:30' as the next such moment for this person; None when left empty. Raises Refused when it is no time."""
    if not text.strip():
        return None
    time = parse_time(text)
    if time is None:
        raise Refused(refusal, field=field)
    return next_at(time, now=now, zone=zone_named(user.zone))


def person_named(text: str) -> User | None:
    """The active person whose id was chosen; None when nobody was."""
    return person(number_in(text))
