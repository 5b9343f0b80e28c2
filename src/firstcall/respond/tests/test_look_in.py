"""Engineers are asked at the agreed rhythm, once, and by nobody in between."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job, State
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import accept_incident, change_state, open_incident
from firstcall.respond.commands.look_in import answer_look_in, note_interruption
from firstcall.respond.commands.need import ask_need
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.commands.severity import change_severity, keep_severity
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.queries.look_in import open_look_ins
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
ASKED = ("look_in.due", "look_in.unanswered", "look_in.answered", "severity.kept")

pytestmark = pytest.mark.django_db


def at(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """SEV1, accepted at 22:00, led by Ben: the first look-in is at 22:20."""
    row = open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )
    accept_incident(incident=row, by=actor_of(cast.ada), now=NOW)
    take_role(incident=row, role="technical_lead", user=cast.ben, by=actor_of(cast.ben), now=NOW)
    return row


def waiting(kind: str) -> list[dt.datetime]:
    return list(Job.objects.filter(kind=kind, state=State.WAITING).order_by("due").values_list("due", flat=True))


def work(now: dt.datetime) -> None:
    """What the worker does with everything of ours that is due by now."""
    for job in Job.objects.filter(kind__startswith="respond.look_in", state=State.WAITING, due__lte=now).order_by(
        "due"
    ):
        store = JOB_KINDS[job.kind].store
        assert store is not None
        store(job, now=max(now, job.due))
        Job.objects.filter(pk=job.pk).update(state=State.DONE)


def told() -> list[tuple[str, int]]:
    rows = Entry.objects.filter(kind__in=ASKED).order_by("at", "id").values_list("kind", "at")
    return [(kind, int((when - NOW).total_seconds() // 60)) for kind, when in rows]


def test_the_lead_is_asked_every_twenty_minutes_and_an_answer_ends_the_question(cast: Cast, incident: Incident) -> None:
    assert waiting("respond.look_in") == [at(20)]
    work(at(20))
    look_in = LookIn.objects.get()
    assert (look_in.asked, look_in.due_at, look_in.ended_at) == (cast.ben, at(20), None)
    assert (waiting("respond.look_in"), waiting("respond.look_in_late")) == ([at(40)], [at(25)])
    answer_look_in(look_in=look_in, blocked=False, by=actor_of(cast.ben), now=at(22))
    answer_look_in(look_in=look_in, blocked=False, by=actor_of(cast.ben), now=at(23))
    work(at(25))
    assert told() == [("look_in.due", 20), ("look_in.answered", 22)]
    work(at(40))
    assert told()[2:] == [("look_in.due", 40)]


def test_without_an_answer_it_is_said_once_and_the_next_one_takes_its_place(cast: Cast, incident: Incident) -> None:
    work(at(20))
    work(at(25))
    assert told() == [("look_in.due", 20), ("look_in.unanswered", 25)]
    work(at(40))
    assert [one.due_at for one in LookIn.objects.filter(ended_at=None)] == [at(40)]
    assert told()[2:] == [("look_in.due", 40)]


def test_asking_for_something_answers_the_look_in(cast: Cast, incident: Incident) -> None:
    work(at(20))
    ask_need(
        incident=incident, what="read access", asked_by=cast.ben, with_whom=None, by=actor_of(cast.ben), now=at(21)
    )
    look_in = LookIn.objects.get()
    assert (look_in.blocked, look_in.ended_at, look_in.answered_by) == (True, at(21), cast.ben)
    assert waiting("respond.look_in_late") == []


def test_the_severity_is_asked_for_and_kept_or_changed(cast: Cast, incident: Incident) -> None:
    work(at(20))
    keep_severity(incident=incident, severity=1, by=actor_of(cast.ada), now=at(21))
    keep_severity(incident=incident, severity=1, by=actor_of(cast.ada), now=at(22))
    assert told()[1:] == [("severity.kept", 21)]
    change_severity(incident=incident, severity=2, by=actor_of(cast.ada), now=at(30), reason="few are hit")
    assert waiting("respond.look_in") == [at(60)]
    change_severity(incident=incident, severity=3, by=actor_of(cast.ada), now=at(31), reason="a workaround")
    assert waiting("respond.look_in") == []


def test_nobody_is_asked_in_triage_without_a_lead_or_when_it_is_over(cast: Cast, incident: Incident) -> None:
    other = open_incident(title="Slow", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW)
    take_role(incident=other, role="technical_lead", user=cast.ben, by=actor_of(cast.ben), now=NOW)
    assert waiting("respond.look_in") == [at(20)]
    leave_role(incident=incident, role="technical_lead", by=actor_of(cast.ben), now=at(1))
    work(at(20))
    assert (LookIn.objects.count(), waiting("respond.look_in")) == (0, [])
    take_role(incident=incident, role="technical_lead", user=cast.ada, by=actor_of(cast.ada), now=at(30))
    change_state(incident=incident, state="resolved", by=actor_of(cast.ada), now=at(31))
    work(at(50))
    assert (LookIn.objects.count(), waiting("respond.look_in")) == (0, [])
    change_state(incident=incident, state="investigating", by=actor_of(cast.ada), now=at(60), reason="it is back")
    assert waiting("respond.look_in") == [at(80)]


def test_a_question_about_the_severity_goes_after_a_while_and_restricted_is_not_seen(
    cast: Cast, incident: Incident
) -> None:
    work(at(20))
    answer_look_in(look_in=LookIn.objects.get(), blocked=False, by=actor_of(cast.ben), now=at(21))
    assert len(open_look_ins([incident.pk], viewer=cast.ada, now=at(34))) == 1
    assert open_look_ins([incident.pk], viewer=cast.ada, now=at(35)) == []
    Incident.objects.update(restricted=True)
    assert open_look_ins([incident.pk], viewer=cast.eve, now=at(34)) == []


def test_an_interruption_is_counted(cast: Cast, incident: Incident) -> None:
    note_interruption(incident=incident, by=actor_of(cast.ben), now=at(5))
    assert Entry.objects.filter(kind="engineer.interrupted", incident=incident.pk).count() == 1
