"""Actions that are not done yet."""

from __future__ import annotations

import datetime as dt

from firstcall.learn.models.action import Action
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible


def open_actions(*, viewer: User) -> list[Action]:
    """All that is not done, the earliest due first. One statement."""
    rows = Action.objects.filter(done_at__isnull=True).select_related("owner", "postmortem__incident")
    return list(visible(rows, viewer=viewer, field="postmortem__incident"))


def late_actions(*, viewer: User, today: dt.date) -> list[Action]:
    """Those whose day is over. One statement."""
    return [action for action in open_actions(viewer=viewer) if action.due < today]
