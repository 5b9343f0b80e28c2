"""What still wants a person once an incident is over: the last word, the postmortem, closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from firstcall.desk.promises import asked_to_tell
from firstcall.desk.standing import Standing
from firstcall.inform.rules.cadence import owed_the_end
from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.people.models.user import User
from firstcall.respond.models.incident import State
from firstcall.respond.rules.queue import Order, Prompt

END = {
    "inside": _("the team"),
    "support": _("support"),
    "leadership": _("leadership"),
    "public": _("customers"),
}


def untold(standing: Standing) -> tuple[str, ...]:
    """The audiences that were told that something is wrong, are there to hear more, and don't know that it is over."""
    heard = {one.audience for one in standing.clocks if one.heard}
    return tuple(one for one in owed_the_end(standing.incident.state, standing.told) if one in heard)


def names_of(audiences: Sequence[str]) -> str:
    """'customers, support and the team', the public first: they wait the longest for it."""
    names = [str(gettext(END[one])) for one in reversed(audiences)]
    return gettext(" and ").join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def draft_due(standing: Standing) -> dt.datetime | None:
    """When its postmortem is to be drafted, by the severity table; None: at no set time, or it is there."""
    incident, hours = standing.incident, standing.rule.draft_hours
    if incident.resolved_at is None or hours is None or standing.postmortem or incident.practice:
        return None
    return incident.resolved_at + dt.timedelta(hours=hours)


def over_prompts(me: User, standing: Standing) -> Iterator[Prompt]:
    """The last word of whoever speaks to those who wait for it; the rest of the owner, one after the other.

    While alerts of it fire neither the postmortem nor closing is asked for: it may open again. Who wants to begin all
    the same does so in the room.
    """
    incident = standing.incident
    mine = [one for one in untold(standing) if asked_to_tell(me, standing, one, late=True)]
    for role in dict.fromkeys(asked_to_tell(me, standing, one, late=True) for one in mine):
        yield Prompt(
            order=Order.PROMISE,
            key=f"last-word:{incident.pk}",
            fact="+".join(mine),
            sentence=say(_("Tell them that it works again: {who}."), who=names_of(mine)),
            note=say(_("They were told that it fails. What the room says tells nobody by itself.")),
            verb=say(_("Post update")),
            target=reverse("update", args=[incident.pk]),
            due_at=incident.resolved_at or incident.closed_at,
            severity=incident.severity,
            role=role,
        )
    if incident.state != State.RESOLVED or standing.fires or "owner" not in standing.roles_of(me):
        return
    if not standing.postmortem and standing.rule.postmortem != "none":
        yield Prompt(
            order=Order.RECORD,
            key=f"postmortem:{incident.pk}",
            fact="none",
            sentence=say(_("Begin the postmortem: the timeline gives its draft.")),
            note=say(_("What does this mean for what we build?")),
            verb=say(_("Begin it")),
            target=reverse("postmortem", args=[incident.pk]),
            due_at=draft_due(standing),
            severity=incident.severity,
            role="owner",
        )
    else:
        yield Prompt(
            order=Order.RECORD,
            key=f"close:{incident.pk}",
            fact="resolved",
            sentence=say(_("Close {reference}, if nothing is left to do."), reference=incident.reference),
            verb=say(_("Close it")),
            target=reverse("incident_close", args=[incident.pk]),
            severity=incident.severity,
            role="owner",
        )
