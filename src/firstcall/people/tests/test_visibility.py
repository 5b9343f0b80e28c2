"""Who may see a restricted subject."""

from __future__ import annotations

import pytest

from firstcall.people.rules.visibility import Restriction, may_see


@pytest.mark.parametrize(
    ("access", "active", "restricted", "named", "expected"),
    [
        ("stakeholder", True, False, False, True),
        ("stakeholder", True, True, False, False),
        ("stakeholder", True, True, True, True),
        ("responder", True, True, False, False),
        ("admin", True, True, False, True),
        ("admin", False, True, True, False),
        ("admin", False, False, False, False),
    ],
)
def test_the_rule(access: str, active: bool, restricted: bool, named: bool, expected: bool) -> None:
    subject = Restriction(restricted, frozenset({7}) if named else frozenset())
    assert may_see(viewer=7, access=access, active=active, subject=subject) is expected
