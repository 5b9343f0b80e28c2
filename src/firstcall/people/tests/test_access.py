"""What an account may do."""

from __future__ import annotations

import pytest

from firstcall.people.rules.access import ACTIONS, can

TABLE = {
    "admin": "read respond communicate support prepare administer",
    "responder": "read respond communicate support prepare",
    "communicator": "read respond communicate support",
    "support": "read support",
    "stakeholder": "read",
    "": "",
    "nobody": "",
}


@pytest.mark.parametrize("access", TABLE)
def test_each_access_may_do_just_its_actions(access: str) -> None:
    assert [action for action in ACTIONS if can(access, action)] == TABLE[access].split()


def test_an_action_nobody_knows_is_refused() -> None:
    assert not can("admin", "destroy")
