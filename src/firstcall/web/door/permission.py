"""Which topics a person may follow: the same answer as the page of the subject gives."""

from __future__ import annotations

from firstcall.kernel.refusal import Gone
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.queries.incident import incident_for


def may_follow(user: User, topic: str) -> bool:
    """An incident's stream for who may see the incident; `now` and the prepared things for who may read."""
    noun, _colon, number = topic.partition(":")
    if noun != "incident":
        return can(user.access, "read")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return False
    try:
        incident_for(viewer=user, number=int(number))
    except Gone:
        return False
    return True
