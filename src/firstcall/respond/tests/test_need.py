"""'I need…', a decision, a promised call, something put off."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.need import ask_need, meet_need
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.need import Need
from firstcall.respond.queries.need import open_needs
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 5, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )


def test_it_waits_with_an_owner_and_a_clock_until_it_is_there(cast: Cast, incident: Incident) -> None:
    need = ask_need(
        incident=incident,
        what=" production  read access ",
        asked_by=cast.ben,
        with_whom=cast.dana,
        by=actor_of(cast.ben),
        now=NOW,
    )
    assert (need.what, need.due_at) == ("production read access", NOW + 5 * MINUTE)
    assert open_needs([incident.pk], viewer=cast.ada) == [need]
    for minutes in (7, 8):
        meet_need(need=need, by=actor_of(cast.dana), now=NOW + minutes * MINUTE)
    need.refresh_from_db()
    assert (need.met_at, need.met_by, open_needs([incident.pk], viewer=cast.ada)) == (NOW + 7 * MINUTE, cast.dana, [])
    assert [entry.kind for entry in Entry.objects.order_by("id")][1:] == ["need.asked", "need.met"]
    assert Entry.objects.get(kind="need.met").facts.data["minutes"] == 7


def test_a_need_of_nothing_is_refused(cast: Cast, incident: Incident) -> None:
    with pytest.raises(Refused):
        ask_need(incident=incident, what=" ", asked_by=cast.ben, with_whom=None, by=actor_of(cast.ben), now=NOW)
    assert Need.objects.count() == 0
