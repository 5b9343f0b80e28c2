"""Moving an incident along: accept, decline, state, severity, what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.detect.queries.group import firing_of_incident
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.respond.commands.incident import (
    accept_incident,
    change_state,
    decline_incident,
    describe_incident,
    note_finding,
    restrict_incident,
)
from firstcall.respond.models.incident import Cause, Incident, Onset, State
from firstcall.respond.pages.visit import (
    done_in_room,
    past_time,
    person_named,
    refused_in_room,
    room_of,
    sheet,
)
from firstcall.respond.queries.recurrence import times_declined, times_over
from firstcall.respond.queries.report import reports_of
from firstcall.respond.rules.incident import next_states
from firstcall.respond.rules.recurrence import patience


@require_POST
@needs("respond")
def accept(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    try:
        accept_incident(incident=incident, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    return done_in_room(request, number, _("It is an incident now, and its clocks run."))


@require_http_methods(["GET", "POST"])
@needs("respond")
def decline(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    firing = firing_of_incident(incident.pk)
    context: dict[str, Any] = {"firing": firing}
    if firing:
        context["patience"] = patience(times_declined(incident) + 1, declined=True)
    if request.method == "GET":
        return sheet(request, "respond/incident/decline.html", incident, **context)
    try:
        decline_incident(
            incident=incident,
            by=actor_of(viewer_of(request)),
            now=clock.now(),
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        return sheet(request, "respond/incident/decline.html", incident, refusal=refusal, **context)
    return done_in_room(request, number, _("Let go: the room is closed, and nobody more is woken."))


@require_http_methods(["GET", "POST"])
@needs("respond")
def state(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    # Closing what is resolved has a page of its own: it shows who was not told yet.
    over = incident.state == State.RESOLVED
    choices = [State(one) for one in next_states(incident.state) if not (over and one == State.CLOSED)]
    firing = firing_of_incident(incident.pk) if State.RESOLVED in choices else []
    refusal, now = None, clock.now()
    if request.method == "POST" and over and request.POST.get("state") == State.CLOSED:
        return redirect("incident_close", incident.pk)
    if request.method == "POST":
        try:
            row = change_state(
                incident=incident,
                state=request.POST.get("state", ""),
                by=actor_of(viewer_of(request)),
                now=now,
                reason=request.POST.get("reason", ""),
                all_the_same=request.POST.get("all_the_same") == "yes",
                back=past_time(
                    request.POST.get("back", ""),
                    user=viewer_of(request),
                    now=now,
                    refusal=_("Write the time as 22:54."),
                    field="back",
                ),
            )
        except Refused as no:
            refusal = no
        else:
            state = str(State(row.state).label).lower()
            return done_in_room(request, number, _("The room says: {state}.").format(state=state))
    return sheet(
        request,
        "respond/incident/state.html",
        incident,
        refusal=refusal,
        choices=choices,
        firing=firing,
        patience=patience(times_over(incident) + 1) if firing else None,
        chosen=request.POST.get("state") or (request.GET.get("to") or choices[0].value),
    )


@require_http_methods(["GET", "POST"])
@needs("respond")
def known(request: HttpRequest, number: int) -> HttpResponse:
    """What is known: title, flow, symptom, error, since when, cause and how it began.

    The form carries what was noted when it was drawn: only what the person changed is written, so that two people with
    the form open keep each other's words.
    """
    incident = room_of(request, number)
    viewer = viewer_of(request)
    flows = flows_by_criticality()
    noted = {name: getattr(incident, name) for name in ("title", "symptom", "error", "cause", "onset")}
    noted["flow"] = str(incident.flow_id or "")
    refusal = None
    if request.method == "POST":
        now = clock.now()
        noted = {name: request.POST.get(f"was_{name}", was) for name, was in noted.items()}
        try:
            describe_incident(incident=incident, by=actor_of(viewer), now=now, **_typed(request, noted, flows, now))
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("Kept: what is known."))
    return sheet(
        request, "respond/incident/known.html", incident, refusal=refusal, flows=flows, causes=Cause.choices,
        onsets=Onset.choices, said=_said(incident, viewer), noted=noted,
        given=request.POST if request.method == "POST" else noted,
    )  # fmt: skip


def _typed(request: HttpRequest, noted: dict[str, str], flows: Iterable[Flow], now: dt.datetime) -> dict[str, Any]:
    """What differs from what was noted when the form was drawn. Raises Refused for a time that is none."""
    sent = request.POST
    typed: dict[str, Any] = {
        name: sent.get(name, "").strip()[:most]
        for name, most in (("title", 160), ("symptom", 200), ("error", 300), ("cause", 40), ("onset", 40))
        if sent.get(name, "").strip() != noted[name]
    }
    for name, values in (("cause", Cause.values), ("onset", Onset.values)):
        if name in typed and typed[name] not in values:
            typed[name] = ""
    if sent.get("flow", "") != noted["flow"]:
        typed["flow"] = next((flow for flow in flows if str(flow.pk) == sent.get("flow")), None)
    since = past_time(
        sent.get("since", ""), user=viewer_of(request), now=now, refusal=_("Write the time as 22:54."), field="since"
    )
    return typed | ({"impact_started_at": since} if since else {})


def _said(incident: Incident, viewer: User) -> dict[str, Any]:
    """What the reports say of what the room doesn't know yet: the newest words, the earliest time."""
    reports = reports_of(incident, viewer=viewer)
    since = min((one.since for one in reports if one.since), default=None)
    noted = incident.impact_started_at
    return {
        "symptom": next((one.seen[:200] for one in reports), ""),
        "error": next((one.error[:300] for one in reports if one.error), ""),
        "since": since if since is not None and (noted is None or since < noted) else None,
    }


@require_http_methods(["GET", "POST"])
@needs("respond")
def note(request: HttpRequest, number: int) -> HttpResponse:
    """A finding, written onto the timeline."""
    incident = room_of(request, number)
    refusal = None
    if request.method == "POST":
        try:
            note_finding(
                incident=incident,
                what=request.POST.get("what", ""),
                by=actor_of(viewer_of(request)),
                now=clock.now(),
            )
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("Noted on the timeline."))
    return sheet(request, "respond/incident/note.html", incident, refusal=refusal)


@require_http_methods(["GET", "POST"])
@needs("respond")
def restrict(request: HttpRequest, number: int) -> HttpResponse:
    """Who may see it."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    if request.method == "POST":
        named = [user for text in request.POST.getlist("named") if (user := person_named(text)) is not None]
        restricted = request.POST.get("restricted") == "yes"
        if restricted and viewer not in named:
            named.append(viewer)
        restrict_incident(incident=incident, restricted=restricted, named=named, by=actor_of(viewer), now=clock.now())
        return done_in_room(request, number, _("Written down: who may see this."))
    return sheet(
        request,
        "respond/incident/restrict.html",
        incident,
        named=set(incident.named.values_list("pk", flat=True)),
        people=active_people(),
    )
