"""What still wants a person once an incident is over: the last word, the postmortem, closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from firstcall.desk.standing import Standing
from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.people.models.user import User
from firstcall.respond.models.incident import State
from firstcall.respond.rules.queue import Order, Prompt


def is_untold(standing: Standing) -> bool:
    """It is over, and the public was told that it is not."""
    over = (State.RESOLVED, State.CLOSED)
    return standing.incident.state in over and standing.public_state not in (None, *over)


def draft_due(standing: Standing) -> dt.datetime | None:
    """When its postmortem is to be drafted, by the severity table; None: at no set time, or it is there."""
    incident, hours = standing.incident, standing.rule.draft_hours
    if incident.resolved_at is None or hours is None or standing.postmortem or incident.practice:
        return None
    return incident.resolved_at + dt.timedelta(hours=hours)


def over_prompts(me: User, standing: Standing) -> Iterator[Prompt]:
    """Asked of the owner, one after the other."""
    incident = standing.incident
    if incident.state != State.RESOLVED or "owner" not in standing.roles_of(me):
        return
    if is_untold(standing):
        yield Prompt(
            order=Order.PROMISE,
            key=f"last-word:{incident.pk}",
            fact=str(standing.public_state),
            sentence=say(_("Tell customers that it works again.")),
            note=say(_("The status page still says otherwise: it never follows the room by itself.")),
            verb=say(_("Post update")),
            target=reverse("update", args=[incident.pk]),
            due_at=incident.resolved_at,
            severity=incident.severity,
            role="owner",
        )
    if not standing.postmortem and standing.rule.postmortem != "none":
        yield Prompt(
            order=Order.RECORD,
            key=f"postmortem:{incident.pk}",
            fact="none",
            sentence=say(_("It is over. Begin the postmortem: the timeline gives its draft.")),
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
            target=f"{reverse('incident_state', args=[incident.pk])}?to=closed",
            severity=incident.severity,
            role="owner",
        )
