"""Taking, giving and leaving roles."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.commands.care_check import end_care, plan_care_check
from firstcall.respond.commands.look_in import plan_look_in
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding


def take_role(*, incident: Incident, role: str, user: User, by: Actor, now: dt.datetime) -> RoleHolding:
    """Give `role` to `user` (by themselves: taken). Whoever held it before leaves it. The same holder changes nothing.

    Raises Refused for a role that doesn't exist or a person whose account is closed.
    """
    if role not in Role.values:
        raise Refused(_("There is no such role."), field="role")
    if not user.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=user.name), field="user")
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=incident.pk)
        present = RoleHolding.objects.filter(incident=incident, role=role, until=None).select_related("user").first()
        if present is not None and present.user_id == user.pk:
            return present
        if present is not None:
            _leave(present, by=by, now=now)
        holding = RoleHolding.objects.create(incident=incident, role=role, user=user, since=now)
        record(
            events.ROLE_TAKEN if by.id == user.pk and by.kind != "machine" else events.ROLE_GIVEN,
            by=by,
            now=now,
            subject=f"incident:{incident.pk}",
            incident=incident.pk,
            role=role,
            role_words=str(Role(role).label).lower(),
            user=user.name,
            user_id=user.pk,
        )
        plan_care_check(incident=row, user=user, now=now)
        if role == Role.TECHNICAL_LEAD:
            plan_look_in(incident=row, now=now)
    return holding


def leave_role(*, incident: Incident, role: str, by: Actor, now: dt.datetime) -> None:
    """Let go of a role; it is asked for again. An empty role changes nothing."""
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        present = RoleHolding.objects.filter(incident=incident, role=role, until=None).select_related("user").first()
        if present is not None:
            _leave(present, by=by, now=now)


def _leave(holding: RoleHolding, *, by: Actor, now: dt.datetime) -> None:
    holding.until = now
    holding.save(update_fields=["until"])
    record(
        events.ROLE_LEFT,
        by=by,
        now=now,
        subject=f"incident:{holding.incident_id}",
        incident=holding.incident_id,
        role=holding.role,
        role_words=str(Role(holding.role).label).lower(),
        user=holding.user.name,
        user_id=holding.user_id,
    )
    # Given another way meanwhile: an offer of it has no meaning any more.
    holding.incident.handovers.filter(role=holding.role, answered_at=None).update(answer="withdrawn", answered_at=now)
    end_care(incident=holding.incident, user=holding.user, now=now)
