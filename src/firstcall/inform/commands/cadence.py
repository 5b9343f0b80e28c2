"""The clocks that sound: the communications lead before a word is due, the owner once it is late."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.models.job import Job
from firstcall.inform.events import CLOCK_MISSED
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import audience_clocks, clocks_of
from firstcall.inform.rules.cadence import Clock
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone, wall
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.user import User
from firstcall.respond.models.incident import OPEN_STATES, Incident, State
from firstcall.respond.models.role import Role, RoleHolding

SPEAKERS = {
    Audience.INSIDE: (Role.OWNER,),
    Audience.SUPPORT: (Role.SUPPORT_LIAISON, Role.COMMUNICATIONS_LEAD, Role.OWNER),
    Audience.LEADERSHIP: (Role.LEADERSHIP_LIAISON, Role.COMMUNICATIONS_LEAD, Role.OWNER),
    Audience.PUBLIC: (Role.COMMUNICATIONS_LEAD, Role.OWNER),
}


def watch_clocks(*, now: dt.datetime) -> int:
    """Plan what each clock of each open incident asks for now; how many it planned.

    Safe to run as often and by as many as one likes: each effect is named by the promise it is about. Practice rings
    nobody, and neither does what is still in triage.
    """
    accepted = [state for state in OPEN_STATES if state != State.TRIAGE]
    rows = list(Incident.objects.filter(state__in=accepted, practice=False))
    clocks = clocks_of(rows, now=now)
    wanted = {
        _key(incident, clock): (incident, clock)
        for incident in rows
        for clock in clocks[incident.pk]
        if clock.state in ("soon", "late")
    }
    known = set(Job.objects.filter(key__in=list(wanted)).values_list("key", flat=True)) if wanted else set()
    for key, (incident, clock) in wanted.items():
        if key not in known:
            _ring(key, incident, clock, now=now)
    return len(wanted) - len(known)


def _key(incident: Incident, clock: Clock) -> str:
    assert clock.due_at is not None
    return f"clock:{incident.pk}:{clock.audience}:{clock.due_at:%Y%m%dT%H%M%S}:{clock.state}"


def _ring(key: str, incident: Incident, clock: Clock, *, now: dt.datetime) -> None:
    assert clock.due_at is not None
    with transaction.atomic():
        plan_job(
            "inform.clock_late" if clock.state == "late" else "inform.clock_soon",
            key=key,
            now=now,
            payload={"incident": incident.pk, "audience": clock.audience, "due_at": clock.due_at.isoformat()},
            subject=f"incident:{incident.pk}",
            rank=incident.severity * 10,
        )


def still_due(incident: Incident, audience: str, due_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether this promise still waits for its word."""
    return any(one.audience == audience and one.due_at == due_at for one in audience_clocks(incident, now=now))


def note_missed(*, incident: Incident, audience: str, due_at: dt.datetime, now: dt.datetime) -> None:
    """Silence is on the record, and whoever owns the incident is told."""
    with transaction.atomic():
        record(
            CLOCK_MISSED, by=MACHINE, now=now, subject=f"incident:{incident.pk}", incident=incident.pk,
            audience=str(Audience(audience).label), told=audience, at=wall(due_at, organisation_zone()),
        )  # fmt: skip
        owner = speaker(incident, (Role.OWNER,))
        if owner is not None:
            plan_mail(incident, audience, due_at, owner, now=now, late=True)


def warn_speaker(*, incident: Incident, audience: str, due_at: dt.datetime, now: dt.datetime) -> None:
    """A word is due within minutes: whoever speaks to this audience is told."""
    person = speaker(incident, SPEAKERS[Audience(audience)])
    if person is not None:
        with transaction.atomic():
            plan_mail(incident, audience, due_at, person, now=now, late=False)


def speaker(incident: Incident, roles: tuple[Role, ...]) -> User | None:
    """The holder of the first of these roles that is held. One statement."""
    holders = {
        holding.role: holding.user
        for holding in RoleHolding.objects.filter(incident=incident, until=None).select_related("user")
    }
    return next((holders[role] for role in roles if role in holders), None)


def plan_mail(
    incident: Incident, audience: str, due_at: dt.datetime, person: User, *, now: dt.datetime, late: bool
) -> None:
    """A mail about one promise to one person, planned once."""
    word = "late" if late else "soon"
    plan_job(
        "inform.clock_mail",
        key=f"clock:{incident.pk}:{audience}:{due_at:%Y%m%dT%H%M%S}:{word}:{person.pk}",
        now=now,
        payload={"incident": incident.pk, "audience": audience, "due_at": due_at.isoformat(), "person": person.pk,
                 "late": late},
        subject=f"incident:{incident.pk}",
        rank=incident.severity * 10,
    )  # fmt: skip
