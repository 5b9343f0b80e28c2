"""An incident opens with its roles filled by whoever was named for them, and they are told."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.duty import accept_duty, set_duty
from firstcall.respond.commands.escalation import start_escalation, take_escalation
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.handlers.told import told
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.role import holdings_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _named(cast: Cast) -> None:
    owner = set_duty(role="owner", holder=cast.ada, by=MACHINE, now=NOW)
    accept_duty(duty=owner, person=cast.ada, by=actor_of(cast.ada), now=NOW)
    set_duty(role="communications_lead", holder=cast.cleo, by=MACHINE, now=NOW)


def opened(severity: int, *, by: Actor = MACHINE, practice: bool = False, restricted: bool = False) -> Incident:
    return open_incident(
        title="Card payments fail", flow=None, severity=severity, symptom="", impact_started_at=None, by=by, now=NOW,
        practice=practice, restricted=restricted,
    )  # fmt: skip


def held(incident: Incident, cast: Cast) -> list[tuple[str, str, bool]]:
    return sorted((one.role, one.user.name, one.beforehand) for one in holdings_of([incident.pk], viewer=cast.ada))


def told_jobs() -> list[tuple[str, dt.datetime]]:
    return [(job.payload["why"], job.due) for job in Job.objects.filter(kind="respond.told").order_by("id")]


def test_it_opens_filled_and_says_who_has_not_accepted(cast: Cast) -> None:
    incident = opened(1)
    assert held(incident, cast) == [("communications_lead", "Cleo", True), ("owner", "Ada", True)]
    filled = Entry.objects.filter(kind="role.filled").order_by("id")
    assert [(one.facts.data["user"], one.facts.data["doubt"]) for one in filled] == [
        ("Ada", ""), ("Cleo", " (not accepted yet)"),
    ]  # fmt: skip
    assert told_jobs() == [
        ("You are incident owner, as named beforehand.", NOW),
        ("You are communications lead, as named beforehand.", NOW),
    ]


def test_a_light_one_asks_for_fewer_and_tells_in_the_morning(cast: Cast) -> None:
    assert held(opened(3), cast) == [("owner", "Ada", True)]
    assert told_jobs() == [("You are incident owner, as named beforehand.", MORNING)]
    Job.objects.all().delete()
    assert held(opened(4), cast) == [("owner", "Ada", True)]
    assert told_jobs() == []


def test_an_exercise_is_filled_and_tells_nobody_and_a_restricted_one_is_left_empty(cast: Cast) -> None:
    assert len(held(opened(1, practice=True), cast)) == 2
    assert held(opened(1, restricted=True), cast) == []
    assert told_jobs() == []


def test_nobody_is_told_of_what_they_do_themselves(cast: Cast) -> None:
    opened(2, by=actor_of(cast.ada))
    assert [why for why, _due in told_jobs()] == ["You are communications lead, as named beforehand."]


def test_the_first_to_answer_leads_only_when_nobody_was_named(cast: Cast) -> None:
    set_duty(role="technical_lead", holder=cast.ada, by=MACHINE, now=NOW)
    incident = opened(1)
    plan = {"path": "Night", "steps": [{"wait_minutes": 5, "schedule": None, "user": cast.ben.pk}]}
    run = start_escalation(incident=incident, by=MACHINE, now=NOW, plan=plan)
    assert run is not None
    take_escalation(escalation=run, user=cast.ben, by=actor_of(cast.ben), now=NOW)
    assert ("technical_lead", "Ada", True) in held(incident, cast)


def test_the_message_is_true_when_it_goes_out(cast: Cast) -> None:
    incident = opened(1)
    job = Job.objects.filter(kind="respond.told").order_by("id")[0]
    mail = told(job, now=NOW)
    assert getattr(mail, "subject", "") == "SEV1: Card payments fail"
    assert getattr(mail, "text", "").startswith("SEV1: Card payments fail\n\nYou are incident owner, as named before")
    Incident.objects.filter(pk=incident.pk).update(restricted=True)
    mail = told(job, now=NOW)
    assert getattr(mail, "subject", "") == f"{incident.reference}, restricted"
    assert "Card" not in getattr(mail, "text", "Card")
    Incident.objects.filter(pk=incident.pk).update(state="closed")
    assert told(job, now=NOW) == Skip("there is nothing to tell any more")
