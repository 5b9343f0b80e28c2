"""How often it was said of an incident that it is over, or none, although it fires."""

from __future__ import annotations

from firstcall.people.models.user import User
from firstcall.respond.events import DECLINED, RESOLVED_FIRING, STILL_FIRING
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of


def times_over(incident: Incident) -> int:
    """Of an incident whose row came from a query that took a viewer. One statement."""
    return entries_of(incident).filter(kind=RESOLVED_FIRING.name).count()


def times_declined(incident: Incident) -> int:
    """How often it was declined while it fired. One statement."""
    return entries_of(incident).filter(kind=STILL_FIRING.name).count()


def who_declined(incident: Incident) -> tuple[User | None, str, str]:
    """The account that declined it last, if it was one, with the name and the reason as they were said.

    Two statements.
    """
    last = entries_of(incident).filter(kind=DECLINED.name).first()
    if last is None:
        return None, "", ""
    user = None
    if last.by_kind in ("person", "link") and last.by_id is not None:
        user = User.objects.filter(pk=last.by_id).first()
    return user, last.by_name, str(last.facts.data.get("reason", ""))
