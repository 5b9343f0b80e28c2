"""When a promised word is late and the owner gives no sign: everyone who responds is asked to take over."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from firstcall.deliver.kinds import manages
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import clocks_of
from firstcall.inform.rules.cadence import Clock
from firstcall.respond.commands.presence import note_quiet, note_sign
from firstcall.respond.models.incident import OPEN_STATES, Incident, State
from firstcall.respond.queries.presence import last_signs, owners_of
from firstcall.respond.rules.presence import is_quiet


@manages("reactions.owner_quiet", lane="update", every=30.0)
def owner_quiet(*, now: dt.datetime) -> int:
    """Four statements or so while something is open. Never asks to be run again at once."""
    accepted = [state for state in OPEN_STATES if state != State.TRIAGE]
    rows = list(Incident.objects.filter(state__in=accepted, practice=False))
    if not rows:
        return 0
    owners, signs, clocks = owners_of(rows), last_signs(rows), clocks_of(rows, now=now)
    for row in rows:
        holding = owners.get(row.pk)
        if holding is None:
            continue
        last = max(holding.since, signs.get((row.pk, holding.user_id), holding.since))
        if holding.quiet_since is not None:
            if last > holding.quiet_since:
                note_sign(holding=holding)
            continue
        late = [one for one in clocks[row.pk] if one.due_at is not None and one.due_at <= now]
        if is_quiet(last_sign=last, waits_since=min((_due(one) for one in late), default=None), now=now):
            note_quiet(holding=holding, since=last, what=_words(late), now=now)
    return 0


def _due(clock: Clock) -> dt.datetime:
    assert clock.due_at is not None
    return clock.due_at


def _words(late: list[Clock]) -> str:
    names = ", ".join(str(Audience(one.audience).label).lower() for one in late)
    return _("a word to {names}").format(names=names)
