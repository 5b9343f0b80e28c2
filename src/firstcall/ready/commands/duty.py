"""Naming who would do what before the night, and taking it upon oneself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import DUTY_ACCEPTED, DUTY_CHANGED, DUTY_NAMED, DUTY_REMOVED
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.queries.duty import people_of, to_ask
from firstcall.ready.queries.oncall import plan_of, stored
from firstcall.ready.rules.severity import ALL_ROLES
from firstcall.ready.rules.severity_rule import ROLES
from firstcall.ready.rules.window import Window

ASK = "ready.duty_mail"


def words_of(duty: Duty) -> str:
    """'communications lead, Checkout', for a journal entry and a mail."""
    place = duty.flow or duty.team or _("everything")
    return _("{role}, {place}").format(role=_(ROLES[duty.role]), place=place)


def set_duty(
    *,
    role: str,
    holder: User | Schedule,
    by: Actor,
    now: dt.datetime,
    deputy: User | Schedule | None = None,
    place: Flow | Team | None = None,
    windows: Sequence[Window] = (),
    duty: Duty | None = None,
    sample: bool = False,
) -> Duty:
    """Name who would hold a role, or change `duty`: whoever had accepted it is asked again. Raises Refused.

    `place` None is the whole organisation; no `windows`: at any hour. What changes nothing is left, and stays accepted.
    """
    _check(role, holder, deputy, windows)
    with transaction.atomic():
        row = duty or Duty(sample=sample)
        if duty is not None:
            refuse_from_file(duty)
        before = _told(row)
        row.role = role
        row.flow = place if isinstance(place, Flow) else None
        row.team = place if isinstance(place, Team) else None
        row.user = holder if isinstance(holder, User) else None
        row.schedule = holder if isinstance(holder, Schedule) else None
        row.deputy = deputy if isinstance(deputy, User) else None
        row.deputy_schedule = deputy if isinstance(deputy, Schedule) else None
        row.windows = [stored(window) for window in windows]
        if duty is not None and _told(row) == before:
            return row
        row.save()
        row.acceptances.all().delete()
        record(
            DUTY_CHANGED if duty else DUTY_NAMED, by=by, now=now, subject=f"duty:{row.pk}", name=str(holder),
            what=words_of(row),
        )  # fmt: skip
    return row


def _told(row: Duty) -> tuple[object, ...]:
    return (
        row.role, row.flow_id, row.team_id, row.user_id, row.schedule_id, row.deputy_id, row.deputy_schedule_id,
        str(row.windows),
    )  # fmt: skip


def _check(
    role: str, holder: User | Schedule, deputy: User | Schedule | None, windows: Sequence[Window]
) -> None:  # fmt: skip
    if role not in ALL_ROLES:
        raise Refused(_("Choose from the roles there are."), field="role")
    for who, field in ((holder, "holder"), (deputy, "deputy")):
        if isinstance(who, User) and not who.is_active:
            raise Refused(_("{name} no longer has an account.").format(name=who.name), field=field)
    if holder == deputy:
        raise Refused(_("A deputy is somebody else."), field="deputy")
    if any(not window.days for window in windows):
        raise Refused(_("Choose the days on which it counts."), field="days")


def remove_duty(*, duty: Duty, by: Actor, now: dt.datetime) -> None:
    """Nobody is named by it any more. Raises Refused for one from a file."""
    with transaction.atomic():
        refuse_from_file(duty)
        record(
            DUTY_REMOVED, by=by, now=now, subject=f"duty:{duty.pk}", name=str(duty.user or duty.schedule),
            what=words_of(duty),
        )  # fmt: skip
        duty.delete()


def accept_duty(*, duty: Duty, person: User, by: Actor, now: dt.datetime) -> Acceptance:
    """'I take this', for 90 days. Raises Refused for somebody it does not name, and for who speaks for another."""
    if by.kind != "person" or by.id != person.pk:
        raise Refused(_("Only {name} can take this.").format(name=person.name))
    with transaction.atomic():
        row = Duty.objects.select_related("flow", "team", "user", "schedule", "deputy", "deputy_schedule").get(
            pk=duty.pk
        )
        schedules = [one for one in (row.schedule, row.deputy_schedule) if one is not None]
        if person not in people_of(row, {one.pk: plan_of(one) for one in schedules}):
            raise Refused(_("You are not named for this any more."))
        taken, _made = Acceptance.objects.update_or_create(duty=row, user=person, defaults={"accepted_at": now})
        record(DUTY_ACCEPTED, by=by, now=now, subject=f"duty:{row.pk}", user=person.name, what=words_of(row))
    return taken


def ask_for_duties(*, now: dt.datetime) -> int:
    """One mail to each who has not been asked for something, with all of it; how many mails."""
    with transaction.atomic():
        asked = to_ask(now=now)
        for person, duties in asked.items():
            for duty in duties:
                Acceptance.objects.update_or_create(duty=duty, user=person, defaults={"asked_at": now})
            numbers = [duty.pk for duty in duties]
            plan_job(
                ASK, key=f"duties:{person.pk}:{now.isoformat()}", now=now,
                payload={"person": person.pk, "duties": numbers},
            )  # fmt: skip
    return len(asked)
