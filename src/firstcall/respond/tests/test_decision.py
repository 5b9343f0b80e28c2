"""A decision has options; who decided, when and why is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.decision import Option, decide, look_again, open_decision
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.decision import decisions_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 7, tzinfo=dt.UTC)
SWITCH = Option(title="Take it to EU-1", users="works again", data="may be charged twice", say="we have switched")
WAIT = Option(title="Wait", users="41 stay broken", data="nothing moves", say="still working on it")

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )


def put(incident: Incident, cast: Cast, *options: Option, question: str = "Switch to EU-1?") -> Decision:
    return open_decision(
        incident=incident, question=question, options=options, opened_by=cast.ada, by=actor_of(cast.ada), now=NOW
    )


def test_it_is_put_decided_once_and_told_with_its_reason(cast: Cast, incident: Incident) -> None:
    decision = put(incident, cast, SWITCH, WAIT)
    row = decide(decision=decision, chosen=1, why="data first", decided_by=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert (row.chosen_option, row.decided_by, row.decided_at) == (WAIT, cast.ada, NOW)
    assert Entry.objects.get(kind="decision.made").facts.data["why"] == "data first"
    with pytest.raises(Refused):
        decide(decision=decision, chosen=0, why="no", decided_by=cast.ben, by=actor_of(cast.ben), now=NOW)
    assert Entry.objects.filter(kind="decision.made").count() == 1


@pytest.mark.parametrize(("chosen", "why"), [(-1, "x"), (2, "x"), (0, " ")])
def test_no_option_or_no_reason_decides_nothing(cast: Cast, incident: Incident, chosen: int, why: str) -> None:
    decision = put(incident, cast, SWITCH, WAIT)
    with pytest.raises(Refused):
        decide(decision=decision, chosen=chosen, why=why, decided_by=cast.ada, by=actor_of(cast.ada), now=NOW)
    decision.refresh_from_db()
    assert decision.decided_at is None


def test_one_option_is_no_decision(cast: Cast, incident: Incident) -> None:
    empty = Option(title=" ", users="", data="", say="")
    for options in ((SWITCH,), (SWITCH, empty)):
        with pytest.raises(Refused):
            put(incident, cast, *options)
    with pytest.raises(Refused):
        put(incident, cast, SWITCH, WAIT, question=" ")
    assert Decision.objects.count() == 0


def test_open_ones_come_first(cast: Cast, incident: Incident) -> None:
    first, second = put(incident, cast, SWITCH, WAIT), put(incident, cast, SWITCH, WAIT)
    decide(decision=second, chosen=0, why="x", decided_by=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert decisions_of([incident.pk], viewer=cast.ada) == [first, second]


def test_it_stays_open_until_it_is_looked_at_again(cast: Cast, incident: Incident) -> None:
    first, second = put(incident, cast, SWITCH, WAIT), put(incident, cast, SWITCH, WAIT)
    ada, later = actor_of(cast.ada), NOW + dt.timedelta(minutes=30)
    assert look_again(decision=first, at=later, by=ada, now=NOW).look_again_at == later
    assert Entry.objects.get(kind="decision.left_open").facts.data["look_again_at"] == later.isoformat()
    decide(decision=second, chosen=0, why="x", decided_by=cast.ada, by=ada, now=NOW)
    for decision, at in ((first, NOW), (first, None), (second, later)):
        with pytest.raises(Refused):
            look_again(decision=decision, at=at, by=ada, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.look_again_at, second.look_again_at) == (later, None)
    assert Entry.objects.filter(kind="decision.left_open").count() == 1
