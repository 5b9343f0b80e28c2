"""The worker's part in waking someone: what to send at this very moment, and what follows."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from firstcall.deliver.kinds import Parcel, Refusal, Sent, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.journal.spoken import dresser, speak, wall
from firstcall.respond.commands.escalation import give_up_waiting
from firstcall.respond.commands.page import PAGE, hand_over_page, note_refused, note_sent, token_of
from firstcall.respond.models.page import Answer, Page
from firstcall.respond.queries.page import Briefing, briefing_of
from firstcall.respond.rules.page import first_line
from firstcall.respond.rules.wall_time import zone_named


def settled(job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None:
    page = Page.objects.select_related("user", "escalation").get(pk=job.payload["page"])
    if isinstance(result, Sent):
        note_sent(page=page, now=now, maybe_twice=result.maybe_twice)
    else:
        note_refused(page=page, now=now, reason=result.reason)
        give_up_waiting(page=page, now=now)


@sends(PAGE, lane="page", settled=settled)
def page(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """Checked again right before sending: has someone taken it, is this person still on call?"""
    row = Page.objects.select_related("user", "escalation__incident__flow").get(pk=job.payload["page"])
    if row.answer == Answer.PASSED_ON:
        return Skip("passed on")
    reason = hand_over_page(page=row, now=now)
    if reason:
        return Skip(reason)
    briefing = briefing_of(row, viewer=row.user, now=now)
    link = settings.BASE_URL + reverse("page", args=[token_of(row)])
    if row.channel == "webhook":
        return _webhook(job, row, briefing, link)
    return _mail(job, row, briefing, link, now=now)


def _headline(row: Page, briefing: Briefing) -> str:
    zone = zone_named(row.user.zone)
    begun = briefing.incident.impact_started_at
    line = first_line(briefing.woken(f"{begun.astimezone(zone):%H:%M}" if begun else ""))
    return speak(line, dresser(zone))


def _mail(job: Job, row: Page, briefing: Briefing, link: str, *, now: dt.datetime) -> Parcel:
    zone = zone_named(row.user.zone)
    begun, next_at = briefing.incident.impact_started_at, briefing.next_at
    headline = _headline(row, briefing)
    context = {
        "briefing": briefing,
        "incident": briefing.incident,
        "person": row.user,
        "headline": headline,
        "link": link,
        "since": wall(begun, zone) if begun else "",
        "next_at": wall(next_at, zone) if next_at else "",
        "changed_at": wall(briefing.last_change.at, zone) if briefing.last_change else "",
        "now": now,
    }
    return Parcel(
        channel="mail",
        to=row.address,
        key=job.key,
        subject=headline,
        text=render_to_string("respond/mail/page.txt", context),
        html=render_to_string("respond/mail/page.html", context),
    )


def _webhook(job: Job, row: Page, briefing: Briefing, link: str) -> Parcel:
    incident = briefing.incident
    body: dict[str, object] = {
        "type": "page",
        "v": 1,
        "id": job.key,
        "incident": incident.reference,
        "person": row.user.name,
        "headline": _headline(row, briefing),
        "link": link,
        "restricted": briefing.restricted,
    }
    if not briefing.restricted:
        body |= {
            "severity": incident.severity,
            "title": incident.title,
            "flow": incident.flow.slug if incident.flow else None,
            "symptom": incident.symptom,
            "error": incident.error,
            "since": incident.impact_started_at.isoformat() if incident.impact_started_at else None,
            "customers": briefing.customers or None,
            "last_change": briefing.last_change.title if briefing.last_change else None,
            "why": briefing.why,
        }
    return Parcel(channel="webhook", to=row.address, key=job.key, body=json.dumps(body, sort_keys=True).encode())
