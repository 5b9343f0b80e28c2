"""Incidents over the API: read, declared and moved along by the same commands as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from firstcall.journal.kinds import present
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Asked, Moment, Person, Text
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flow_called
from firstcall.respond.commands.decision import Option, decide, open_decision
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import (
    accept_incident,
    note_finding,
    open_incident,
)
from firstcall.respond.commands.join import join_room
from firstcall.respond.commands.need import ask_need, meet_need
from firstcall.respond.commands.role import take_role
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.incident import incident_for, open_incidents, past_incidents
from firstcall.respond.rules.impact import minutes_of

router = Router(tags=["incidents"])
PAGE = 50
Before = Annotated[int | None, Field(ge=1)]


class SpanOut(Schema):
    """A time in which people were hit; `until` is null while they are."""

    since: Moment
    until: Moment | None


class IncidentOut(Schema):
    """One incident. `severity` is 1 (gravest) to 4.

    `impact` is when people were hit: one time, and one more for each time that it came back after it was over.
    `impact_minutes` are its whole minutes so far, without those in between when it worked.
    """

    number: int = Field(alias="pk")
    reference: str
    title: str
    state: str
    severity: int
    flow: str | None
    symptom: str
    cause: str
    error: str
    restricted: bool
    practice: bool
    impact_started_at: Moment | None
    opened_at: Moment
    accepted_at: Moment | None
    resolved_at: Moment | None
    closed_at: Moment | None
    impact: list[SpanOut]
    impact_minutes: int

    @staticmethod
    def resolve_impact(row: Incident) -> list[dict[str, Any]]:
        now = clock.now()
        over = row.ended is not None
        return [
            {"since": since, "until": until if over or until < now else None} for since, until in row.impact(now=now)
        ]

    @staticmethod
    def resolve_impact_minutes(row: Incident) -> int:
        return minutes_of(row.impact(now=clock.now()))

    @staticmethod
    def resolve_flow(row: Incident) -> str | None:
        return None if row.flow is None else row.flow.slug


class EntryOut(Schema):
    """A line of the timeline: `kind` for programs, `text` for people."""

    position: int
    at: Moment
    kind: str
    by: str
    text: str


class Declared(Asked):
    """A new incident. It pages by the flow's path unless `page` is false."""

    title: Text = Field(max_length=160)
    severity: int = Field(ge=1, le=4)
    flow: str | None = None
    symptom: Text = Field("", max_length=200)
    error: Text = Field("", max_length=300)
    impact_started_at: Moment | None = None
    severity_reason: Text = Field("", max_length=300)
    restricted: bool = False
    page: bool = True


class NewState(Asked):
    """`all_the_same` resolves it while its alerts still fire, and closes it while an audience that heard that it fails
    was not told that it works again: without it either is refused, and the alerts or the audiences are named. When it
    is opened again, `back` is since when people are hit again; left out: from now on."""

    state: str
    reason: Text = ""
    all_the_same: bool = False
    back: Moment | None = None


class Into(Asked):
    """The number of the incident it is the same as."""

    into: int = Field(ge=1)


class NewSeverity(Asked):
    severity: int = Field(ge=1, le=4)
    reason: Text


class Taken(Asked):
    """Who takes a role: the caller when `person` is left out."""

    role: str
    person: int | None = None


class NeedIn(Asked):
    what: Text
    with_whom: int | None = None
    blocks: bool = True


class NeedOut(Schema):
    id: int = Field(alias="pk")
    what: str
    asked_by: Person
    with_whom: Person | None
    due_at: Moment
    met_at: Moment | None


class OptionIn(Asked):
    title: Text
    users: Text = ""
    data: Text = ""
    say: Text = ""


class DecisionIn(Asked):
    """A question with its options; with `chosen` (from 0) and `why` it is decided at once."""

    question: Text
    options: list[OptionIn] = Field(max_length=10)
    chosen: int | None = None
    why: Text = ""


class DecisionOut(Schema):
    id: int = Field(alias="pk")
    question: str
    options: list[dict[str, str]]
    chosen: int | None
    why: str
    decided_at: Moment | None


class Noted(Asked):
    what: Text


def _person(number: int | None, *, field: str) -> User | None:
    if number is None:
        return None
    found = User.objects.filter(pk=number, is_active=True).first()
    if found is None:
        raise Refused(_("Nobody here has that number."), field=field)
    return found


def _flow(slug: str | None) -> Flow | None:
    found = None if slug is None else flow_called(slug)
    if slug is not None and found is None:
        raise Refused(_("There is no such flow."), field="flow")
    return found


@router.get("", response=list[IncidentOut], auth=Needs("read"), summary="Incidents: open ones, or those that are over")
def incidents(
    request: HttpRequest, which: Literal["open", "past"] = "open", before: Before = None
) -> Sequence[Incident]:
    """`which=past` goes back fifty at a time, from those older than number `before`."""
    if which == "open":
        return open_incidents(viewer=caller(request))
    return past_incidents(viewer=caller(request), before=before, at_most=PAGE)


@router.post("", response={201: IncidentOut}, auth=Needs("respond"), summary="Declare an incident")
def declare(request: HttpRequest, given: Declared) -> Status[Incident]:
    user, now = caller(request), clock.now()
    with transaction.atomic():
        incident = open_incident(
            title=given.title, flow=_flow(given.flow), severity=given.severity, symptom=given.symptom,
            error=given.error, impact_started_at=given.impact_started_at, severity_reason=given.severity_reason,
            restricted=given.restricted, accepted=True, by=actor_of(user), now=now,
        )  # fmt: skip
        if given.page:
            start_escalation(incident=incident, by=actor_of(user), now=now)
    return Status(201, incident)


@router.get("/{number}", response=IncidentOut, auth=Needs("read"), summary="One incident")
def incident(request: HttpRequest, number: int) -> Incident:
    return incident_for(viewer=caller(request), number=number)


@router.post("/{number}/accept", response=IncidentOut, auth=Needs("respond"), summary="This is an incident")
def accept(request: HttpRequest, number: int) -> Incident:
    user = caller(request)
    return accept_incident(incident=incident_for(viewer=user, number=number), by=actor_of(user), now=clock.now())


@router.post("/{number}/join", response=IncidentOut, auth=Needs("respond"), summary="It is the same as another")
def join(request: HttpRequest, number: int, given: Into) -> Incident:
    """While it is in triage: its alerts, reports and promised calls go to the other one, which is answered with."""
    user = caller(request)
    incident, into = (incident_for(viewer=user, number=one) for one in (number, given.into))
    return join_room(incident=incident, into=into, by=actor_of(user), now=clock.now())


@router.post("/{number}/severity", response=IncidentOut, auth=Needs("respond"), summary="Set another severity")
def severity(request: HttpRequest, number: int, given: NewSeverity) -> Incident:
    user = caller(request)
    return change_severity(
        incident=incident_for(viewer=user, number=number), severity=given.severity, reason=given.reason,
        by=actor_of(user), now=clock.now(),
    )  # fmt: skip


@router.post("/{number}/roles", response={204: None}, auth=Needs("respond"), summary="Take or give a role")
def role(request: HttpRequest, number: int, given: Taken) -> Status[None]:
    user = caller(request)
    row = incident_for(viewer=user, number=number)
    taker = _person(given.person, field="person") or user
    take_role(incident=row, role=given.role, user=taker, by=actor_of(user), now=clock.now())
    return Status(204, None)


@router.post("/{number}/needs", response={201: NeedOut}, auth=Needs("respond"), summary="Say what is needed")
def need(request: HttpRequest, number: int, given: NeedIn) -> Status[Any]:
    user = caller(request)
    made = ask_need(
        incident=incident_for(viewer=user, number=number), what=given.what, asked_by=user,
        with_whom=_person(given.with_whom, field="with_whom"), blocks=given.blocks, by=actor_of(user), now=clock.now(),
    )  # fmt: skip
    return Status(201, made)


@router.post("/{number}/needs/{need}/met", response=NeedOut, auth=Needs("respond"), summary="A need is met")
def met(request: HttpRequest, number: int, need: int) -> Any:
    user = caller(request)
    row = incident_for(viewer=user, number=number).needs.filter(pk=need).first()
    if row is None:
        raise Refused(_("This incident has no such need."), field="need")
    return meet_need(need=row, by=actor_of(user), now=clock.now())


@router.post(
    "/{number}/decisions", response={201: DecisionOut}, auth=Needs("respond"), summary="A question, or a decision"
)
def decision(request: HttpRequest, number: int, given: DecisionIn) -> Status[Any]:
    user, now = caller(request), clock.now()
    options: list[Option] = [
        {"title": one.title, "users": one.users, "data": one.data, "say": one.say} for one in given.options
    ]
    incident = incident_for(viewer=user, number=number)
    with transaction.atomic():
        row = open_decision(
            incident=incident, question=given.question, options=options, opened_by=user, by=actor_of(user), now=now
        )
        if given.chosen is not None:
            row = decide(decision=row, chosen=given.chosen, why=given.why, decided_by=user, by=actor_of(user), now=now)
    return Status(201, row)


@router.post("/{number}/notes", response={204: None}, auth=Needs("respond"), summary="A finding, onto the timeline")
def note(request: HttpRequest, number: int, given: Noted) -> Status[None]:
    user = caller(request)
    row = incident_for(viewer=user, number=number)
    note_finding(incident=row, what=given.what, by=actor_of(user), now=clock.now())
    return Status(204, None)


@router.get("/{number}/timeline", response=list[EntryOut], auth=Needs("read"), summary="The timeline, newest first")
def timeline(
    request: HttpRequest, number: int, before: Before = None, at_most: Annotated[int, Field(ge=1, le=500)] = 100
) -> list[dict[str, Any]]:
    """Goes back from `position`, which rises in the order in which entries became visible."""
    rows = entries_of(incident_for(viewer=caller(request), number=number))
    rows = rows.filter(place__isnull=False).select_related("place").order_by("-place__position")
    if before is not None:
        rows = rows.filter(place__position__lt=before)
    return [_line(row) for row in rows[:at_most]]


def _line(row: Entry) -> dict[str, Any]:
    facts = row.facts.data if hasattr(row, "facts") else {}
    return {
        "position": row.place.position, "at": row.at, "kind": row.kind, "by": row.by_name,
        "text": present(row.kind, by=row.by_name, facts=facts),
    }  # fmt: skip
