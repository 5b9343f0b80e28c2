"""What a person has put off."""

from __future__ import annotations

import datetime as dt

from firstcall.people.models.user import User
from firstcall.respond.models.put_off import PutOff
from firstcall.respond.rules.queue import Off


def offs_of(*, viewer: User, now: dt.datetime) -> dict[str, Off]:
    """The prompts this person has put off and whose ten minutes aren't over. One statement."""
    rows = PutOff.objects.filter(user=viewer, until__gt=now)
    return {row.key: Off(row.fact, row.until) for row in rows}
