"""Roles are taken, given, handed on and left; one holder a role."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.commands.role import leave_role, take_role
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.role import holdings_of
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 21, 59, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return open_incident(
        title="Card payments fail", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=NOW
    )


def held(incident: Incident, cast: Cast) -> list[tuple[str, str]]:
    return [(one.role, one.user.name) for one in holdings_of([incident.pk], viewer=cast.ada)]


def told(incident: Incident) -> list[str]:
    return [entry.kind for entry in reversed(entries_of(incident))][1:]


def test_taking_twice_is_taking_once(cast: Cast, incident: Incident) -> None:
    for _ in range(2):
        take_role(incident=incident, role="owner", user=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert held(incident, cast) == [("owner", "Ada")]
    assert told(incident) == ["role.taken"]


def test_giving_it_to_another_lets_the_first_one_go(cast: Cast, incident: Incident) -> None:
    take_role(incident=incident, role="owner", user=cast.ada, by=actor_of(cast.ada), now=NOW)
    take_role(incident=incident, role="owner", user=cast.ben, by=actor_of(cast.ada), now=NOW)
    assert held(incident, cast) == [("owner", "Ben")]
    assert told(incident) == ["role.taken", "role.left", "role.given"]


def test_leaving_empties_it_and_leaving_an_empty_one_says_nothing(cast: Cast, incident: Incident) -> None:
    take_role(incident=incident, role="scribe", user=cast.ben, by=actor_of(cast.ben), now=NOW)
    for _ in range(2):
        leave_role(incident=incident, role="scribe", by=actor_of(cast.ben), now=NOW)
    assert held(incident, cast) == []
    assert told(incident) == ["role.taken", "role.left"]


@pytest.mark.parametrize("role", ["boss", ""])
def test_a_role_that_does_not_exist_is_refused(cast: Cast, incident: Incident, role: str) -> None:
    with pytest.raises(Refused):
        take_role(incident=incident, role=role, user=cast.ada, by=actor_of(cast.ada), now=NOW)
    assert RoleHolding.objects.count() == 0


def test_who_has_no_account_any_more_holds_nothing(cast: Cast, incident: Incident) -> None:
    cast.ben.is_active = False
    with pytest.raises(Refused):
        take_role(incident=incident, role="owner", user=cast.ben, by=actor_of(cast.ada), now=NOW)
    assert told(incident) == []
