"""Taking, giving and leaving roles."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.queries.duty import known_duties
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.rules.duty import Named
from firstcall.ready.rules.waking import decide_waking
from firstcall.respond import events
from firstcall.respond.commands.care_check import end_care, plan_care_check
from firstcall.respond.commands.look_in import plan_look_in
from firstcall.respond.commands.told import tell
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding


def take_role(
    *, incident: Incident, role: str, user: User, by: Actor, now: dt.datetime, named: Named | None = None
) -> RoleHolding:
    """Give `role` to `user` (by themselves: taken). Whoever held it before leaves it. The same holder changes nothing.

    `named`: it was said before the night that it would be theirs.

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
        holding = RoleHolding.objects.create(
            incident=incident, role=role, user=user, since=now, beforehand=named is not None
        )
        given = events.ROLE_FILLED if named else events.ROLE_GIVEN
        record(
            events.ROLE_TAKEN if by.id == user.pk and by.kind != "machine" else given,
            by=by,
            now=now,
            subject=f"incident:{incident.pk}",
            incident=incident.pk,
            role=role,
            role_words=str(Role(role).label).lower(),
            user=user.name,
            user_id=user.pk,
            doubt="" if named is None or named.accepted else _(" (not accepted yet)"),
        )
        plan_care_check(incident=row, user=user, now=now)
        if role == Role.TECHNICAL_LEAD:
            plan_look_in(incident=row, now=now)
    return holding


def fill_roles(*, incident: Incident, by: Actor, now: dt.datetime) -> None:
    """Give every empty role its severity asks for to whoever was named for it beforehand, and tell them.

    They are told when the severity would page them, `by` not of what they do themselves, and nobody of an exercise. A
    restricted incident is left empty: whoever may see it names the others. One statement without duties.
    """
    if incident.restricted:
        return
    with transaction.atomic():
        known = known_duties()
        if not known.people:
            return
        rule = rule_of(incident.severity)
        taken = set(RoleHolding.objects.filter(incident=incident, until=None).values_list("role", flat=True))
        filled: dict[int, list[str]] = {}
        for role in rule.roles:
            one = known.named(role, incident.flow, at=now)
            if role not in taken and one.user is not None:
                user = known.people[one.user]
                take_role(incident=incident, role=role, user=user, by=MACHINE, now=now, named=one)
                filled.setdefault(user.pk, []).append(str(Role(role).label).lower())
        due = decide_waking(rule, now=now, zone=organisation_zone()).at
        for number, roles in filled.items():
            if due is not None and not incident.practice and (by.kind, by.id) != ("person", number):
                why = _("You are {roles}, as named beforehand.").format(roles=", ".join(roles))
                tell(incident=incident, user=known.people[number], why=why, key="roles", now=now, due=due)


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
