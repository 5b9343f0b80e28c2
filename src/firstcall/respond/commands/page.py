"""Waking people: one row and one send job for each way a person is reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import hasten_jobs, plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.ids import derived_token, digest, new_token
from firstcall.people.models.user import User
from firstcall.people.queries.contact import Way, ways_of
from firstcall.ready.queries.path import people_of_step
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.queries.waking import waits_until
from firstcall.respond import events
from firstcall.respond.commands.told import hasten_told
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Because, Page
from firstcall.respond.rules.page import rank_of

PAGE = "respond.page"


def token_of(page: Page) -> str:
    """The secret in the page's link: made again from the data key, so that a repeated send carries the same link."""
    return derived_token(settings.DATA_KEY, page.attempt_key, page.nonce)


def plan_pages(
    *, escalation: Escalation, step: int, people: Iterable[User], because: Because, now: dt.datetime,
    by_name: bool = False,
) -> list[Page]:  # fmt: skip
    """One page for each way of each person, each with its send job. A page planned before is not planned again.

    The pages of somebody who is quiet wait until they no longer are, but for a severity that breaks that and for who
    was asked for `by_name`.
    """
    pages: list[Page] = []
    incident, rule = escalation.incident, rule_of(escalation.incident.severity)
    for user in people:
        until = None if by_name else waits_until(user, rule, at=now)
        made = [
            page
            for way in ways_of(user)
            if (page := _plan_page(escalation, step, user, way, until, because=because, now=now, by_name=by_name))
        ]
        pages += made
        if until is not None and made:
            record(
                events.PAGE_WAITS, by=MACHINE, now=now, subject=f"person:{user.pk}", incident=incident.pk,
                user=user.name, user_id=user.pk, severity=incident.severity, due_at=until.isoformat(),
            )  # fmt: skip
    return pages


def _plan_page(
    escalation: Escalation, step: int, user: User, way: Way, until: dt.datetime | None, *, because: Because,
    now: dt.datetime, by_name: bool,
) -> Page | None:  # fmt: skip
    """One page and its job; None when it was planned before."""
    incident, subject = escalation.incident, f"escalation:{escalation.pk}"
    key = f"{incident.pk}:{escalation.generation}:{step}:{user.pk}:{way.name}"
    nonce = new_token()
    page, made = Page.objects.get_or_create(
        attempt_key=key,
        defaults={
            "escalation": escalation,
            "step": step,
            "user": user,
            "channel": way.channel,
            "address": way.address,
            "nonce": nonce,
            "token_digest": digest(derived_token(settings.DATA_KEY, key, nonce)),
            "planned_at": now,
            "waits_until": until,
            "because": because,
        },
    )
    if not made:
        if by_name and Page.objects.filter(pk=page.pk, waits_until__gt=now).update(waits_until=None):
            hasten_jobs(kind=PAGE, subject=subject, key=f"page:{key}", now=now)
        return None
    plan_job(
        PAGE, key=f"page:{key}", now=now, due=until, payload={"page": page.pk}, subject=subject,
        rank=rank_of(incident.severity),
    )  # fmt: skip
    return page


def break_quiet(*, incident: Incident, now: dt.datetime) -> None:
    """The severity is another one, or the table is: what waits for the end of quiet hours goes out when it may now."""
    rule = rule_of(incident.severity)
    if not rule.breaks_quiet or rule.wakes != "always":
        return
    with transaction.atomic():
        waiting = Page.objects.filter(escalation__incident=incident, waits_until__gt=now, sent_at=None, reason="")
        for number in set(waiting.values_list("escalation", flat=True)):
            hasten_jobs(kind=PAGE, subject=f"escalation:{number}", now=now)
        waiting.update(waits_until=None)
        hasten_told(incident=incident, now=now)


def hand_over_page(*, page: Page, now: dt.datetime) -> str:
    """Just before sending: has the shift changed since the step ran? Then page whoever is on call now instead.

    Returns why the old page must not go out, or "" when it still stands.
    """
    with transaction.atomic():
        escalation = (
            Escalation.objects.select_for_update(of=("self",)).select_related("incident").get(pk=page.escalation_id)
        )
        if escalation.state not in (EscalationState.RUNNING, EscalationState.EXHAUSTED):
            reason = _("the escalation is over")
            if escalation.acknowledged_by is not None:
                reason = _("{name} has it").format(name=escalation.acknowledged_by.name)
            Page.objects.filter(pk=page.pk, sent_at=None).update(reason=reason)
            return reason
        steps = escalation.plan["steps"]
        if not 0 <= page.step < len(steps) or steps[page.step].get("schedule") is None:
            return ""
        if page.because not in ("", Because.ON_CALL):
            return ""  # asked for by name, whoever holds the shift
        people = people_of_step(steps[page.step], at=now)
        if not people or page.user in people:
            return ""
        names = ", ".join(user.name for user in people)
        reason = _("{names} is on call now").format(names=names)
        plan_pages(escalation=escalation, step=page.step, people=people, because=Because.ON_CALL, now=now)
        if Page.objects.filter(pk=page.pk, reason="").update(reason=reason):
            record(
                events.PAGE_HANDED_OVER,
                by=MACHINE,
                now=now,
                subject=f"page:{page.pk}",
                incident=escalation.incident_id,
                before=page.user.name,
                after=names,
            )
        return reason


def note_sent(*, page: Page, now: dt.datetime, maybe_twice: bool) -> None:
    """The provider took it: written once, with the doubt when an earlier try may have arrived too."""
    with transaction.atomic():
        if not Page.objects.filter(pk=page.pk, sent_at=None).update(sent_at=now, maybe_twice=maybe_twice, reason=""):
            return
        record(
            events.PAGE_SENT,
            by=MACHINE,
            now=now,
            subject=f"page:{page.pk}",
            incident=page.escalation.incident_id,
            user=page.user.name,
            user_id=page.user_id,
            channel=page.channel,
            doubt=_(", possibly sent twice") if maybe_twice else "",
            maybe_twice=maybe_twice,
        )


def note_refused(*, page: Page, now: dt.datetime, reason: str) -> None:
    """The provider said no for good."""
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(reason=reason)
        record(
            events.PAGE_FAILED,
            by=MACHINE,
            now=now,
            subject=f"page:{page.pk}",
            incident=page.escalation.incident_id,
            user=page.user.name,
            user_id=page.user_id,
            channel=page.channel,
            reason=reason,
        )


def note_opened(*, page: Page, now: dt.datetime) -> None:
    """The link was looked at for the first time. Kept on the page alone: mail scanners look too."""
    Page.objects.filter(pk=page.pk, opened_at=None).update(opened_at=now)
