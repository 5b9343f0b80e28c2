"""Who may see a restricted incident: the one rule of visibility, asked in SQL."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.visibility import visible
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.incident import Incident
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "active", "restricted", "named", "expected"),
    [
        ("dana", True, False, False, True),
        ("dana", True, True, False, False),
        ("dana", True, True, True, True),
        ("ben", True, True, False, False),
        ("ada", True, True, False, True),
        ("ada", False, True, True, False),
        ("ada", False, False, False, False),
    ],
)
def test_the_rule(cast: Cast, who: str, active: bool, restricted: bool, named: bool, expected: bool) -> None:
    viewer = getattr(cast, who)
    viewer.is_active = active
    incident = open_incident(
        title="Cards fail", flow=None, severity=3, symptom="", impact_started_at=None, restricted=restricted,
        by=MACHINE, now=NOW,
    )  # fmt: skip
    incident.named.set([cast.eve, *([viewer] if named else [])])
    assert list(visible(Incident.objects.all(), viewer=viewer)) == ([incident] if expected else [])
