"""A customer is calling: is she hit, what may be said, what not, when does the next word come.

The call becomes a report, in the room that is open for what stands still; a promised call-back becomes a clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.desk.offer import Offer, offer_of
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
from firstcall.respond.queries.hit import hit_or_using
from firstcall.respond.queries.incident import real_incidents
from firstcall.respond.rules.wall_time import coming_fives

MOST_FLOWS = 6  # shown at once; the others unfold


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the line: `kind` known, several, nobody, or empty while nothing is typed."""

    kind: Literal["known", "several", "nobody", ""]
    customer: Customer | None = None
    others: tuple[Customer, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the call so far. `flows` are all, what is worked on first; `named` those that were chosen.

    `next_at` is when the public is promised the next word about what is offered and chosen, `is_hit` whether that hits
    a customer we know: said of them, not only of the flow.
    """

    caller: Caller
    flows: tuple[Flow, ...]
    named: tuple[Flow, ...]
    offer: Offer
    next_at: dt.datetime | None
    is_hit: bool

    @property
    def asks_phone(self) -> bool:
        """Nobody knows how to reach them."""
        customer = self.caller.customer
        if self.caller.kind == "":
            return bool(self.named)
        return self.caller.kind == "nobody" or (customer is not None and not customer.phone)


def find_caller(text: str) -> Caller:
    """The customer of this name. Two statements at most."""
    text = text.strip()
    if not text:
        return Caller("")
    matches = customers_named(text)
    exact = [one for one in matches if one.name.casefold() == text.casefold()]
    if len(matches) > 1 and not exact:
        return Caller("several", others=tuple(matches))
    if not matches:
        return Caller("nobody")
    return Caller("known", (exact or matches)[0])


def read_call(given: QueryDict, *, who: str, saving: bool, viewer: User, now: dt.datetime) -> Call:
    """What the form says, and what is known of it as far as the reader may know. Fourteen statements at most."""
    caller = find_caller(who)
    open_ = real_incidents(viewer=viewer)
    troubled = {one.flow_id for one in open_}
    flows = sorted(flows_by_criticality(), key=lambda one: one.pk not in troubled)
    wanted = given.getlist("flow")
    named = tuple(one for one in flows if str(one.pk) in wanted)
    theirs = [one.pk for one in caller.customer.flows.all()] if caller.customer else []
    offer = offer_of(open_, given, flows=[one.pk for one in named], otherwise=theirs, saving=saving)
    at, customer = offer.chosen, caller.customer
    is_hit = bool(at and customer and hit_or_using(at).filter(pk=customer.pk).exists())
    return Call(caller, tuple(flows), named, offer, next_word(at, now=now), is_hit)


def next_word(incident: Incident | None, *, now: dt.datetime) -> dt.datetime | None:
    """When the public is promised the next word.

    As with a full room: a clock may move later when people come, what was promised on the telephone may not.
    """
    if incident is None:
        return None
    clocks = clocks_of([incident], now=now, full=True)[incident.pk]
    due = next((one.due_at for one in clocks if one.audience == Audience.PUBLIC and one.heard), None)
    return due if due and due > now else None


@require_http_methods(["GET", "POST"])
@needs("support")
def call(request: HttpRequest) -> HttpResponse:
    """The whole screen, or with `?part=found` what is known so far. [Find] keeps what is typed and saves nothing."""
    viewer, now = viewer_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    who = given.get("pick") or given.get("who", "")
    saving = request.method == "POST" and not given.keys() & {"find", "pick"}
    known = read_call(given, who=who, saving=saving, viewer=viewer, now=now)
    refusal = None
    if saving:
        try:
            return _take(request, viewer, known, now=now)
        except Refused as no:
            refusal = no
    context: dict[str, Any] = {"call": known, "given": given, "who": who, "named": {one.pk for one in known.named}}
    if request.GET.get("part") == "found":
        return render(request, "desk/call/found.html", context)
    context |= {
        "flows": known.flows[:MOST_FLOWS],
        "more_flows": known.flows[MOST_FLOWS:],
        "refusal": refusal,
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "times": coming_fives(now),
        "waiting": [one for one in open_call_backs(viewer=viewer) if one.owner_id == viewer.pk],
    }
    return render(request, "desk/call.html", context, status=422 if refusal else 200)


def _take(request: HttpRequest, viewer: User, known: Call, *, now: dt.datetime) -> HttpResponse:
    """Write the call down as a report, and the promise with it."""
    sent = request.POST
    customer, incident = known.caller.customer, known.offer.chosen
    who = customer.name if customer else sent.get("who", "").strip()
    if not who:
        raise Refused(_("Who is it? Write the name."), field="who")
    since = past_time(sent.get("since", ""), user=viewer, now=now, refusal=_("Write the time as 22:58."), field="since")
    by = actor_of(viewer)
    at = _promised(sent.get("call_back_at", ""), now=now)
    with transaction.atomic():
        report = file_report(
            customer=customer,
            flow=_meant(known),
            since=since,
            seen=sent.get("seen", "").strip() or _("called us"),
            stands_still=", ".join(one.name for one in known.named),
            who=who,
            phone=sent.get("phone", ""),
            by=by,
            now=now,
            incident=incident.pk if incident else None,
            apart=known.offer.apart,
        )
        if at is not None:
            promise_call_back(
                incident=incident,
                customer=customer,
                customer_name=who,
                phone=report.phone or (customer.phone if customer else ""),
                owner=viewer,
                due_at=at,
                report=report.pk,
                by=by,
                now=now,
            )
    saved = _("Saved: {who} called, and you call back.") if at else _("Saved: {who} called.")
    messages.success(request, saved.format(who=who))
    return HttpResponseRedirect(
        reverse("room", args=[incident.pk]) if incident else reverse("report", args=[report.pk])
    )


def _meant(known: Call) -> Flow | None:
    """The flow of its incident, else the first that was named; a customer's own only where there is no other."""
    if known.offer.chosen is not None:
        return known.offer.chosen.flow
    if known.named:
        return known.named[0]
    theirs = list(known.caller.customer.flows.all()) if known.caller.customer else []
    return theirs[0] if len(theirs) == 1 else None


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
