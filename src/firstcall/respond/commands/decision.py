"""Putting a question with its options, and deciding it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.incident import Incident


class Option(TypedDict):
    """One way: what it is, what users feel, what happens to data, what will have to be said."""

    title: str
    users: str
    data: str
    say: str


def open_decision(
    *,
    incident: Incident,
    question: str,
    options: Sequence[Option],
    opened_by: User,
    by: Actor,
    now: dt.datetime,
    look_again_at: dt.datetime | None = None,
) -> Decision:
    """Put a question with at least two options. Raises Refused for a missing question or a lone option."""
    question = " ".join(question.split())
    kept = [option for option in options if option["title"].strip()]
    if not question:
        raise Refused(_("Write the question."), field="question")
    if len(kept) < 2:
        raise Refused(_("A decision has at least two options: doing nothing is one."), field="options")
    with transaction.atomic():
        decision = Decision.objects.create(
            incident=incident,
            question=question[:200],
            options=[{name: str(text).strip() for name, text in option.items()} for option in kept],
            opened_by=opened_by,
            opened_at=now,
            look_again_at=look_again_at,
        )
        record(
            events.DECISION_OPENED,
            by=by,
            now=now,
            subject=f"decision:{decision.pk}",
            incident=incident.pk,
            question=decision.question,
            options=[option["title"] for option in kept],
            look_again_at=look_again_at.isoformat() if look_again_at else None,
        )
    return decision


def decide(*, decision: Decision, chosen: int, why: str, decided_by: User, by: Actor, now: dt.datetime) -> Decision:
    """Take one option and say why. Raises Refused when it is decided already, without a reason or for no option."""
    with transaction.atomic():
        row = Decision.objects.select_for_update().get(pk=decision.pk)
        if row.decided_at is not None:
            raise Refused(_("This is decided already. Put a new question to change it."), field="chosen")
        if not 0 <= chosen < len(row.options):
            raise Refused(_("Choose one of the options."), field="chosen")
        if not why.strip():
            raise Refused(_("Say why: someone will ask tomorrow."), field="why")
        row.chosen, row.why = chosen, why.strip()
        row.decided_at, row.decided_by = now, decided_by
        row.save(update_fields=["chosen", "why", "decided_at", "decided_by"])
        record(
            events.DECISION_MADE,
            by=by,
            now=now,
            subject=f"decision:{row.pk}",
            incident=row.incident_id,
            question=row.question,
            option=row.options[chosen]["title"],
            why=row.why,
            options=row.options,
        )
    return row


def look_again(*, decision: Decision, at: dt.datetime | None, by: Actor, now: dt.datetime) -> Decision:
    """Leave it open and look again `at` an instant. Raises Refused without one to come, or when it is decided."""
    if at is None or at <= now:
        raise Refused(_("Say when to look again: write the time as 23:30."), field="again")
    with transaction.atomic():
        row = Decision.objects.select_for_update().get(pk=decision.pk)
        if row.decided_at is not None:
            raise Refused(_("This is decided already. Put a new question to change it."), field="chosen")
        row.look_again_at = at
        row.save(update_fields=["look_again_at"])
        record(
            events.DECISION_LEFT_OPEN, by=by, now=now, subject=f"decision:{row.pk}", incident=row.incident_id,
            question=row.question, look_again_at=at.isoformat(),
        )  # fmt: skip
    return row
