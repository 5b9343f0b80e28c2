"""Groups: what is told of them, when they are over, what people say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.events import (
    ALERT_JOINED,
    ALERTS_JOINED,
    GROUP_ANSWERED,
    GROUP_CLOSED,
    GROUP_PAGED,
    GROUP_RECOVERED,
    GROUP_SILENT,
    GROUP_WAITS,
    GROUPS_WAIT,
)
from firstcall.detect.models.alert import Alert, Heard
from firstcall.detect.models.group import AlertGroup, Answer, Verdict
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused

SILENT = dt.timedelta(hours=25)  # senders that repeat say so at least once a day
SILENT_UNREADABLE = dt.timedelta(hours=1)  # nobody ever says that an unreadable message is over
UNREADABLE = "unreadable:"
LAST = Subquery(Heard.objects.filter(alert=OuterRef("pk")).values("last_at"))  # when an alert was last said


def subject_of(group: AlertGroup) -> str:
    """The journal's subject of a group."""
    return f"group:{group.pk}"


def tell(news: Sequence[tuple[AlertGroup, list[Alert]]], *, now: dt.datetime) -> None:
    """Journal what became of new alerts, once a group, and plan the page of those that wake somebody."""
    waiting: list[Alert] = []
    for group, alerts in news:
        paged = [alert for alert in alerts if alert.verdict == Verdict.PAGE]
        joined = [alert for alert in alerts if alert.verdict == Verdict.JOIN]
        waiting += [alert for alert in alerts if alert.verdict == Verdict.DIGEST]
        if paged:
            _tell_paged(group, paged[0], now=now)
        if joined:
            _tell_joined(group, joined, now=now)
    if waiting:
        kind, first = (GROUP_WAITS, waiting[0]) if len(waiting) == 1 else (GROUPS_WAIT, waiting[0])
        record(
            kind, by=MACHINE, now=now, subject=subject_of(first.group), title=first.title, reason=first.reason,
            count=len(waiting),
        )  # fmt: skip


def _tell_paged(group: AlertGroup, alert: Alert, *, now: dt.datetime) -> None:
    record(
        GROUP_PAGED, by=MACHINE, now=now, subject=subject_of(group), incident=group.incident, title=alert.title,
        reason=alert.reason,
    )  # fmt: skip
    plan_job(
        "reactions.group_paged",
        key=f"group:{group.pk}:paged" + (f":{group.let_go_at.isoformat()}" if group.let_go_at else ""),
        now=now,
        payload={"group": group.pk},
        subject=subject_of(group),
        rank=0,
    )


def _tell_joined(group: AlertGroup, joined: list[Alert], *, now: dt.datetime) -> None:
    record(
        ALERT_JOINED if len(joined) == 1 else ALERTS_JOINED, by=MACHINE, now=now, subject=subject_of(group),
        incident=group.incident, title=joined[0].title, reason=joined[0].reason, group=group.title, count=len(joined),
    )  # fmt: skip


def close_quiet(numbers: Collection[int], *, now: dt.datetime) -> None:
    """Close those of these groups in which nothing fires any more; the incident of one that paged hears of it."""
    if not numbers:
        return
    firing = set(Alert.objects.filter(group__in=numbers, ended_at__isnull=True).values_list("group_id", flat=True))
    over = list(AlertGroup.objects.filter(pk__in=set(numbers) - firing, closed_at__isnull=True).order_by("id"))
    AlertGroup.objects.filter(pk__in=[group.pk for group in over]).update(closed_at=now)
    for group in over:
        if group.verdict != Verdict.PAGE:
            continue
        record(
            GROUP_RECOVERED, by=MACHINE, now=now, subject=subject_of(group), incident=group.incident, title=group.title
        )
        plan_job(
            "reactions.group_recovered",
            key=f"group:{group.pk}:recovered",
            now=now,
            payload={"group": group.pk},
            subject=subject_of(group),
        )


def end_silent(*, now: dt.datetime) -> int:
    """End what nobody has spoken of for a day (an hour, if it was unreadable): the next word of it is news again.

    Silence is no recovery, and is not told as one. How many groups were closed.
    """
    long_ago = Q(last_at__lt=now - SILENT) | Q(key__startswith=UNREADABLE, last_at__lt=now - SILENT_UNREADABLE)
    silent = list(AlertGroup.objects.filter(long_ago, closed_at__isnull=True).order_by("id"))
    if not silent:
        return 0
    with transaction.atomic():
        numbers = [group.pk for group in silent]
        Alert.objects.filter(group__in=numbers, ended_at__isnull=True).update(ended_at=LAST)
        AlertGroup.objects.filter(pk__in=numbers).update(closed_at=now)
        for group in silent:
            if group.verdict == Verdict.PAGE:
                record(
                    GROUP_SILENT, by=MACHINE, now=now, subject=subject_of(group), incident=group.incident,
                    title=group.title,
                )  # fmt: skip
    return len(silent)


def end_silent_alerts(*, now: dt.datetime) -> int:
    """End single alerts nobody has spoken of for a day, though others of their group still fire. How many."""
    silent = Alert.objects.filter(heard__last_at__lt=now - SILENT, ended_at__isnull=True)
    if not silent.exists():
        return 0
    return silent.update(ended_at=LAST)


def close_group(*, group: AlertGroup, by: Actor, now: dt.datetime) -> None:
    """A person says that this is over, although nothing said so. What still fires will open a new group.

    Raises Refused when it is over already.
    """
    with transaction.atomic():
        if not AlertGroup.objects.filter(pk=group.pk, closed_at__isnull=True).update(closed_at=now):
            raise Refused(_("This is over already."))
        Alert.objects.filter(group=group, ended_at__isnull=True).update(ended_at=now)
        record(GROUP_CLOSED, by=by, now=now, subject=subject_of(group), incident=group.incident, title=group.title)


def answer_group(*, group: AlertGroup, answer: str, by: Actor, now: dt.datetime) -> None:
    """Keep what a person said of it; saying something else later replaces it, and the journal has both.

    Raises Refused for an answer nobody offers.
    """
    if answer not in Answer.values:
        raise Refused(_("Choose one of the answers."), field="answer")
    with transaction.atomic():
        if group.answer == answer:
            return
        group.answer, group.answered_by, group.answered_at = answer, by.name[:120], now
        group.save(update_fields=["answer", "answered_by", "answered_at"])
        record(
            GROUP_ANSWERED, by=by, now=now, subject=subject_of(group), incident=group.incident, title=group.title,
            answer=str(Answer(answer).label),
        )  # fmt: skip
