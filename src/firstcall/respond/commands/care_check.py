"""Asking people who work for hours whether they are all right, and seeing to food and rest."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.respond import events
from firstcall.respond.models.care_check import CareAnswer, CareCheck
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding
from firstcall.respond.rules.care_check import hours_at_work, next_check

DUE = "respond.care_check"


def _since(incident_id: int, user_id: int) -> dt.datetime | None:
    """Since when this person holds roles here without a break; None when none."""
    held = RoleHolding.objects.filter(incident=incident_id, user=user_id, until=None)
    since: dt.datetime | None = held.aggregate(since=Min("since"))["since"]
    return since


def plan_care_check(*, incident: Incident, user: User, now: dt.datetime) -> None:
    """The next question to this person. The same work plans it once, however many roles it has."""
    since = _since(incident.pk, user.pk)
    if since is None:
        return
    due = next_check(since, now=now)
    plan_job(
        DUE, key=f"care:{incident.pk}:{user.pk}:{due.isoformat()}", now=now, due=due,
        payload={"incident": incident.pk, "user": user.pk}, subject=f"care:{incident.pk}",
    )  # fmt: skip


def ask_care(*, incident_id: int, user_id: int, now: dt.datetime) -> CareCheck | None:
    """It is due. None when they no longer work on it; one who began anew meanwhile is asked later."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        incident.care_checks.filter(user=user_id, ended_at=None).update(ended_at=now)
        since = _since(incident_id, user_id)
        if since is None or not incident.is_open:
            return None
        user = User.objects.get(pk=user_id)
        plan_care_check(incident=incident, user=user, now=now)
        if next_check(since, now=since) > now:
            return None
        check = CareCheck.objects.create(incident=incident, user=user, since=since, asked_at=now)
        record(
            events.CARE_ASKED, by=MACHINE, now=now, subject=f"care:{check.pk}", incident=incident_id,
            user=user.name, user_id=user.pk, hours=hours_at_work(since, now=now),
        )  # fmt: skip
    return check


def answer_care(*, check: CareCheck, answer: str, by: Actor, now: dt.datetime) -> CareCheck:
    """What the person says of themselves. Wanting relief stays open until somebody else has the work.

    Raises Refused for an answer that isn't one. After it ended nothing changes.
    """
    if answer not in CareAnswer.values:
        raise Refused(_("Say whether you are all right or want to be relieved."), field="answer")
    with transaction.atomic():
        row = CareCheck.objects.select_for_update(of=("self",)).select_related("user").get(pk=check.pk)
        if row.ended_at is not None or row.answer == answer:
            return row
        row.answer, row.answered_at = answer, now
        row.ended_at = now if answer == CareAnswer.FINE else None
        row.save(update_fields=["answer", "answered_at", "ended_at"])
        record(
            events.CARE_ANSWERED, by=by, now=now, subject=f"care:{row.pk}", incident=row.incident_id,
            user=row.user.name, user_id=row.user_id, words=str(CareAnswer(answer).label),
        )  # fmt: skip
    return row


def see_to_care(*, incident: Incident, by: Actor, now: dt.datetime) -> int:
    """Somebody saw to food and rest of all who were asked; how many. Nobody left to see to changes nothing."""
    with transaction.atomic():
        rows = list(incident.care_checks.select_for_update(of=("self",)).select_related("user").filter(seen_at=None))
        if rows:
            CareCheck.objects.filter(pk__in=[row.pk for row in rows]).update(seen_at=now, seen_by=by.id)
            names = ", ".join(sorted({row.user.name for row in rows}))
            record(
                events.CARE_SEEN, by=by, now=now, subject=f"incident:{incident.pk}", incident=incident.pk, names=names
            )
    return len(rows)


def end_care(*, incident: Incident, user: User, now: dt.datetime) -> None:
    """This person let go of a role: what was asked of them ends with the last one."""
    if _since(incident.pk, user.pk) is None:
        incident.care_checks.filter(user=user, ended_at=None).update(ended_at=now)
