"""Handing a role over: offered with a note, taken when the next person accepts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import cancel_jobs, plan_job
from firstcall.journal.commands.entry import record
from firstcall.journal.kinds import Kind
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.handover import Handover, HandoverAnswer
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.rules.handover import late_from, tidy

LATE, WORD = "respond.handover_late", "respond.handover_word"


def offer_handover(
    *, incident: Incident, role: str, giver: User, taker: User, note: str, by: Actor, now: dt.datetime
) -> Handover:
    """Offer a role one holds. It stays with `giver` until `taker` accepts; an earlier offer of it is taken back.

    Raises Refused without a note, for a role `giver` doesn't hold, for oneself, or for a closed account.
    """
    note = tidy(note)
    if not note:
        raise Refused(_("Write a few words: where it stands, what is being tried, what was promised."), field="note")
    if taker.pk == giver.pk or not taker.is_active:
        raise Refused(_("Choose who takes over."), field="taker")
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        if not RoleHolding.objects.filter(incident=row, role=role, user=giver, until=None).exists():
            raise Refused(_("{name} does not hold this role.").format(name=giver.name), field="role")
        withdraw_handovers(incident=row, role=role, by=by, now=now)
        offer = Handover.objects.create(incident=row, role=role, giver=giver, taker=taker, note=note, offered_at=now)
        _tell(events.HANDOVER_OFFERED, offer, by=by, now=now, quote=note)
        plan_job(
            LATE, key=f"handover_late:{offer.pk}", now=now, due=late_from(now), payload={"handover": offer.pk},
            subject=f"handover:{offer.pk}",
        )  # fmt: skip
        plan_job(WORD, key=f"handover_word:{offer.pk}", now=now, payload={"handover": offer.pk},
                 subject=f"handover:{offer.pk}")  # fmt: skip
    return offer


def _tell(kind: Kind, offer: Handover, *, by: Actor, now: dt.datetime, **more: Any) -> None:
    record(
        kind, by=by, now=now, subject=f"handover:{offer.pk}", incident=offer.incident_id,
        giver=offer.giver.name, taker=offer.taker.name, taker_id=offer.taker_id, role=offer.role,
        role_words=str(Role(offer.role).label).lower(), **more,
    )  # fmt: skip


def _locked(offer: Handover) -> Handover:
    Incident.objects.select_for_update().get(pk=offer.incident_id)
    return (
        Handover.objects.select_for_update(of=("self",)).select_related("incident", "giver", "taker").get(pk=offer.pk)
    )


def _end(offer: Handover, answer: HandoverAnswer, *, now: dt.datetime) -> None:
    offer.answer, offer.answered_at = answer, now
    offer.save(update_fields=["answer", "answered_at"])
    cancel_jobs(subject=f"handover:{offer.pk}", now=now, reason=str(answer.label))


def accept_handover(*, offer: Handover, by: Actor, now: dt.datetime) -> Handover:
    """The role changes hands. Accepting twice changes nothing; Refused when the offer has ended otherwise."""
    with transaction.atomic():
        row = _locked(offer)
        if row.answer == HandoverAnswer.ACCEPTED:
            return row
        if row.answered_at is not None:
            raise Refused(_("This offer has ended: {how}.").format(how=row.get_answer_display()))
        _end(row, HandoverAnswer.ACCEPTED, now=now)
        _tell(events.HANDOVER_ACCEPTED, row, by=by, now=now)
        take_role(incident=row.incident, role=row.role, user=row.taker, by=by, now=now)
    return row


def decline_handover(*, offer: Handover, by: Actor, now: dt.datetime) -> Handover:
    """The taker can't, or the giver takes it back: `by` says which. An offer that has ended stays as it is."""
    with transaction.atomic():
        row = _locked(offer)
        if row.answered_at is None:
            answer = HandoverAnswer.DECLINED if by.id == row.taker_id else HandoverAnswer.WITHDRAWN
            _end(row, answer, now=now)
            _tell(events.HANDOVER_ENDED, row, by=by, now=now, words=str(answer.label))
    return row


def withdraw_handovers(*, incident: Incident, role: str, by: Actor, now: dt.datetime) -> None:
    """The role goes another way: what was offered of it ends, in the caller's transaction."""
    for row in incident.handovers.select_related("giver", "taker").filter(role=role, answered_at=None):
        _end(row, HandoverAnswer.WITHDRAWN, now=now)
        _tell(events.HANDOVER_ENDED, row, by=by, now=now, words=str(HandoverAnswer.WITHDRAWN.label))


def note_handover_late(*, handover_id: int, now: dt.datetime) -> None:
    """Five minutes and no answer: the timeline says so, and who gives is asked to look for somebody else."""
    with transaction.atomic():
        row = Handover.objects.select_for_update(of=("self",)).select_related("giver", "taker").get(pk=handover_id)
        if row.answered_at is None and row.late_at is None:
            row.late_at = now
            row.save(update_fields=["late_at"])
            _tell(events.HANDOVER_UNANSWERED, row, by=MACHINE, now=now)
