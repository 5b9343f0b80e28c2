"""A customer is calling: is she hit, what may be said, what not, when does the next word come.

The call becomes a report, and a promised call-back a clock with an owner.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.detect.commands.report import file_report
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import clocks_of
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.customer import customers_named
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.respond.commands.call_back import promise_call_back
from firstcall.respond.models.incident import Incident
from firstcall.respond.pages.visit import past_time
from firstcall.respond.queries.call_back import open_call_backs
from firstcall.respond.queries.incident import open_incidents
from firstcall.respond.rules.wall_time import coming_fives

MOST_FLOWS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the caller. `kind` hit, not_hit, several, nobody, or empty while nothing is typed."""

    kind: Literal["hit", "not_hit", "several", "nobody", ""]
    customer: Customer | None = None
    others: tuple[Customer, ...] = ()
    incident: Incident | None = None
    next_at: dt.datetime | None = None
    flows: tuple[Flow, ...] = ()


def find(text: str, *, viewer: User, now: dt.datetime) -> Found:
    """The customer of this name and what she is hit by, as far as the reader may know it. Ten statements at most."""
    text = text.strip()
    if not text:
        return Found("", flows=tuple(flows_by_criticality()[:MOST_FLOWS]))
    matches = customers_named(text)
    exact = [one for one in matches if one.name.casefold() == text.casefold()]
    if len(matches) > 1 and not exact:
        return Found("several", others=tuple(matches))
    if not matches:
        return Found("nobody", flows=tuple(flows_by_criticality()[:MOST_FLOWS]))
    chosen = (exact or matches)[0]
    flows = tuple(chosen.flows.all())
    mine = {flow.pk for flow in flows}
    open_ = open_incidents(viewer=viewer)
    incident = next((one for one in open_ if one.flow_id in mine and not one.practice), None)
    if incident is None:
        return Found("not_hit", chosen, flows=flows)
    # As with a full room: a clock may move later when people come, what was promised on the telephone may not.
    clocks = clocks_of([incident], now=now, full=True)[incident.pk]
    due = next((one.due_at for one in clocks if one.audience == Audience.PUBLIC and one.heard), None)
    return Found("hit", chosen, incident=incident, next_at=due if due and due > now else None, flows=flows)


@require_http_methods(["GET", "POST"])
@needs("support")
def call(request: HttpRequest) -> HttpResponse:
    """The whole screen, or with `?part=found` what is known of the name typed so far."""
    viewer = viewer_of(request)
    now = clock.now()
    given = request.POST if request.method == "POST" else request.GET
    found = find(given.get("who", ""), viewer=viewer, now=now)
    refusal = None
    if request.method == "POST":
        try:
            return _take(request, viewer, found, now=now)
        except Refused as no:
            refusal = no
    context = {
        "found": found,
        "given": given,
        "refusal": refusal,
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "times": coming_fives(now),
        "waiting": [one for one in open_call_backs(viewer=viewer) if one.owner_id == viewer.pk],
    }
    if request.GET.get("part") == "found":
        return render(request, "desk/call/found.html", context)
    return render(request, "desk/call.html", context, status=422 if refusal else 200)


def _take(request: HttpRequest, viewer: User, found: Found, *, now: dt.datetime) -> HttpResponse:
    """Write the call down as a report, and the promise with it."""
    sent = request.POST
    who = sent.get("who", "").strip()
    if not who:
        raise Refused(_("Who is it? Write the name."), field="who")
    since = past_time(sent.get("since", ""), user=viewer, now=now, refusal=_("Write the time as 22:58."), field="since")
    by = actor_of(viewer)
    flow = found.incident.flow if found.incident else next(iter(found.flows), None) if found.customer else None
    at = _promised(sent.get("call_back_at", ""), now=now)
    with transaction.atomic():
        report = file_report(
            customer=found.customer,
            flow=flow,
            since=since,
            seen=sent.get("seen", "").strip() or _("called us"),
            stands_still=", ".join(sent.getlist("stands_still")),
            who=who,
            by=by,
            now=now,
            incident=found.incident.pk if found.incident else None,
        )
        if at is not None:
            promise_call_back(
                incident=found.incident,
                customer=found.customer,
                customer_name=who,
                phone=found.customer.phone if found.customer else "",
                owner=viewer,
                due_at=at,
                report=report.pk,
                by=by,
                now=now,
            )
    saved = _("Saved: {who} called, and you call back.") if at else _("Saved: {who} called.")
    messages.success(request, saved.format(who=who))
    if found.incident is not None:
        return HttpResponseRedirect(reverse("room", args=[found.incident.pk]))
    return HttpResponseRedirect(reverse("now"))


def _promised(text: str, *, now: dt.datetime) -> dt.datetime | None:
    """The moment a button promised; None when no call was promised. Raises Refused when it makes no sense."""
    if not text:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not now < at < now + dt.timedelta(days=7):
        raise Refused(_("Choose a time that is still to come."), field="call_back_at")
    return at.astimezone(dt.UTC)
