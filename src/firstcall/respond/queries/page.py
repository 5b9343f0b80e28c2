"""What a paged person has to know, for the mail, the webhook and the page behind the link alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.ids import digest
from firstcall.people.models.user import User
from firstcall.ready.models.change import Change
from firstcall.ready.queries.change import last_changes
from firstcall.ready.queries.path import people_of_step
from firstcall.ready.rules.path import waits_of, with_step
from firstcall.respond.events import REOPENED
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.first_step import Steps, few, first_steps_of
from firstcall.respond.queries.hit import hit_of
from firstcall.respond.queries.report import has_called
from firstcall.respond.rules.escalation import LINK_LASTS
from firstcall.respond.rules.page import Woken


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything a page says. A restricted incident leaves all but its number empty.

    `customers` are those hit, once somebody `named` them; till then those who use the flow (0: not known).
    """

    page: Page
    incident: Incident
    restricted: bool
    customers: int
    named: bool
    origin: str
    last_change: Change | None
    why: str
    first_steps: tuple[Steps, ...]
    missing: tuple[str, ...]
    next_name: str
    next_at: dt.datetime | None
    nobody_answered: bool

    def woken(self, since: str) -> Woken:
        """The facts of the first line; `since` is a wall time in the reader's zone."""
        return Woken(
            reference=self.incident.reference,
            severity=self.incident.severity,
            flow=self.incident.flow.name if self.incident.flow else "",
            title=self.incident.title,
            since=since,
            customers=self.customers,
            restricted=self.restricted,
            because=self.page.because,
            nobody_answered=self.nobody_answered,
            practice=self.incident.practice,
        )


def page_of_token(token: str, *, now: dt.datetime) -> Page | None:
    """The page a link belongs to, None when there is none or a day has passed. One statement."""
    return (
        Page.objects.filter(token_digest=digest(token), planned_at__gt=now - LINK_LASTS)
        .select_related("user", "escalation__incident__flow", "escalation__acknowledged_by")
        .first()
    )


def briefing_of(page: Page, *, viewer: User, now: dt.datetime) -> Briefing:
    """What this page says to `viewer`, the person it wakes. Sixteen statements at most.

    A restricted incident is briefed by number alone: mail and locked screens are read by others too.
    """
    incident = page.escalation.incident
    nobody = page.escalation.state == EscalationState.EXHAUSTED
    if incident.restricted or page.user_id != viewer.pk:
        return Briefing(page, incident, True, 0, False, "", None, "", (), (), "", None, nobody)
    flow = incident.flow
    hit = hit_of(incident)
    missing = []
    if not incident.error:
        missing.append(_("The exact error."))
    if not incident.impact_started_at:
        missing.append(_("Since when."))
    if not has_called(incident):
        missing.append(_("A report: nobody has called yet."))
    next_name, next_at = _next(page, now=now)
    return Briefing(
        page=page,
        incident=incident,
        restricted=False,
        customers=hit.customers,
        named=bool(hit.named),
        origin=", ".join(_origins(incident)),
        last_change=next(iter(last_changes(flow, now=now, most=1)), None) if flow else None,
        why=_why(incident),
        first_steps=tuple(few(first_steps_of(incident, viewer=viewer))),
        missing=tuple(missing),
        next_name=next_name,
        next_at=next_at,
        nobody_answered=nobody,
    )


def _why(incident: Incident) -> str:
    """Why somebody is woken: as it was opened, or that it is back after somebody said that it is over, or none."""
    again = entries_of(incident).filter(kind=REOPENED.name).select_related("facts").order_by("-id").first()
    if again is None:
        return incident.reason
    return _("It is open again, because {reason}.").format(reason=again.facts.data["reason"].rstrip("."))


def _origins(incident: Incident) -> list[str]:
    """The parts whose alerts fire for it, the first one first."""
    groups = AlertGroup.objects.filter(incident=incident.pk, component__isnull=False).order_by("opened_at")
    return list(dict.fromkeys(groups.values_list("component__name", flat=True)))


def _next(page: Page, *, now: dt.datetime) -> tuple[str, dt.datetime | None]:
    """Who is paged after this step, and when. ("", when) after the last one."""
    escalation = page.escalation
    if escalation.state != EscalationState.RUNNING or escalation.next_at is None:
        return "", None
    at = max(now, escalation.next_at)
    names = {
        user.pk: user.name
        for number in with_step(waits_of(escalation.plan), escalation.step + 1)
        for user in people_of_step(escalation.plan["steps"][number], at=at)
    }
    return ", ".join(names.values()), escalation.next_at
