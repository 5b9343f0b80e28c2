"""People who look after the same things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.events import TEAM_CHANGED, TEAM_MADE
from firstcall.people.models.team import Team
from firstcall.people.models.user import User


def set_team(
    *, name: str, members: Collection[User], by: Actor, now: dt.datetime, team: Team | None = None, origin: str = ""
) -> Team:
    """Make a team, or give `team` this name and exactly these members. Raises Refused.

    One that came from a file is changed by that file (`origin`) alone.
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Give the team a name."), field="name")
    gone = next((user for user in members if not user.is_active), None)
    if gone is not None:
        raise Refused(_("{name} no longer has an account.").format(name=gone.name), field="members")
    with transaction.atomic():
        if team is not None and team.origin and team.origin != origin:
            raise Refused(
                _("This comes from {file}: change it there and apply the file again.").format(file=team.origin)
            )
        if Team.objects.filter(name=name).exclude(pk=team.pk if team else 0).exists():
            raise Refused(_("There is a team of this name already."), field="name")
        row = team or Team(slug=_slug(name))
        row.name, row.origin = name, origin or row.origin
        row.save()
        row.members.set(members)
        names = ", ".join(sorted(user.name for user in members))
        kind = TEAM_CHANGED if team else TEAM_MADE
        record(kind, by=by, now=now, subject=f"team:{row.pk}", name=row.name, members=names or _("nobody yet"))
    return row


def _slug(name: str) -> str:
    base = slugify(name)[:44] or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
