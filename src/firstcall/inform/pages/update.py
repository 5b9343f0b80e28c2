"""Posting words, and the holding update: one tap and one confirmation."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from firstcall.inform.commands.update import post_holding, publish_update
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import audience_clocks
from firstcall.inform.queries.reach import Reach, reach_of
from firstcall.inform.queries.words import facts_of, organisation_zone
from firstcall.inform.rules.cadence import next_due
from firstcall.inform.rules.wording import Mark, check_words
from firstcall.inform.rules.words import draft, holding
from firstcall.kernel import clock
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.queries.severity import rule_of
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import incident_for

ORDER = (Audience.PUBLIC, Audience.SUPPORT, Audience.LEADERSHIP, Audience.INSIDE)


def _incident(request: HttpRequest, number: int) -> Incident:
    try:
        return incident_for(viewer=viewer_of(request), number=number)
    except Gone:
        raise Http404 from None


def _audiences(incident: Incident) -> list[str]:
    return [audience for audience in ORDER if audience != Audience.PUBLIC or not incident.restricted]


def _default_due(incident: Incident, *, now: dt.datetime) -> dict[str, dt.datetime | None]:
    rule = rule_of(incident.severity)
    return {audience: next_due(audience, rule, now=now) for audience in _audiences(incident)}


def _read_clock(text: str, *, now: dt.datetime) -> dt.datetime | None:
    """'23:25' in the reader's zone as the next such instant. Raises Refused for anything else."""
    if not text.strip():
        return None
    try:
        wall = dt.time.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("Write the time like 23:25."), field="next") from None
    zone = get_current_timezone()
    local = dt.datetime.combine(now.astimezone(zone).date(), wall.replace(tzinfo=None), tzinfo=zone)
    if local <= now:
        local += dt.timedelta(days=1)
    return local.astimezone(dt.UTC)


def post_words(reach: Reach) -> str:
    """What the button says: 'Post to 1,243 subscribers and 3 teams'."""
    teams = sum(1 for people in reach.people.values() if people)
    subscribers = ngettext("%(n)s subscriber", "%(n)s subscribers", reach.subscribers) % {"n": f"{reach.subscribers:,}"}
    groups = ngettext("%(n)s team", "%(n)s teams", teams) % {"n": teams}
    return _("%(subscribers)s and %(groups)s") % {"subscribers": subscribers, "groups": groups}


@needs("communicate")
@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, number: int) -> HttpResponse:
    """One text for each audience, written from the facts; [Check] marks words, [Post] sends."""
    incident, now = _incident(request, number), clock.now()
    last = incident.updates.order_by("-number").first()
    facts = facts_of(incident, zone=ZoneInfo(organisation_zone()))
    due = _default_due(incident, now=now)
    asked: dict[str, Any] = {
        "texts": {audience: draft(audience, facts) for audience in _audiences(incident)},
        "chosen": set(_audiences(incident)),
        "next": due[Audience.SUPPORT] or due.get(Audience.PUBLIC),
        "seen": last.number if last else 0,
    }
    refused: Refused | None = None
    checked = False
    if request.method == "POST":
        checked = True
        asked["texts"] = {audience: request.POST.get(audience, "").strip() for audience in _audiences(incident)}
        asked["chosen"] = {audience for audience in _audiences(incident) if request.POST.get(f"to_{audience}")}
        asked["seen"] = int(request.POST.get("seen") or 0) if (request.POST.get("seen") or "0").isdigit() else 0
        try:
            asked["next"] = _read_clock(request.POST.get("next", ""), now=now)
            answer = _post(request, incident, asked, now=now)
            if answer is not None:
                return answer
        except Refused as error:
            refused = error
            if last is not None:
                asked["seen"] = last.number
    context = _context(incident, asked, refused, checked=checked, now=now)
    return render(request, "inform/update/update.html", context, status=422 if refused else 200)


def _marks(asked: dict[str, Any]) -> dict[str, list[Mark]]:
    return {
        audience: check_words(text, audience=audience, says_next=asked["next"] is not None)
        for audience, text in asked["texts"].items()
        if text and audience in asked["chosen"]
    }


def _post(request: HttpRequest, incident: Incident, asked: dict[str, Any], *, now: dt.datetime) -> HttpResponse | None:
    """Send, unless only a check was asked for, or there are marks nobody has looked at yet."""
    if request.POST.get("do") == "check":
        return None
    marks = [mark for found in _marks(asked).values() for mark in found]
    if marks and request.POST.get("do") != "anyway":
        return None
    texts = {audience: asked["texts"][audience] for audience in asked["chosen"]}
    publish_update(
        incident=incident, texts=texts, seen=asked["seen"], next_due=dict.fromkeys(texts, asked["next"]),
        overruled=marks, by=actor_of(viewer_of(request)), now=now,
    )  # fmt: skip
    messages.success(request, _("Sent."))
    return redirect("room", incident.pk)


def _context(
    incident: Incident, asked: dict[str, Any], refused: Refused | None, *, checked: bool, now: dt.datetime
) -> dict[str, Any]:
    reach = reach_of(incident)
    marks = _marks(asked) if checked else {}
    names = {audience: [person.name for person in people] for audience, people in reach.people.items()}
    boxes = [
        {
            "audience": audience,
            "label": Audience(audience).label,
            "text": asked["texts"][audience],
            "chosen": audience in asked["chosen"],
            "marks": marks.get(audience, []),
            "people": names.get(audience, []),
        }
        for audience in _audiences(incident)
    ]
    return {
        "incident": incident, "boxes": boxes, "reach": reach, "post_words": post_words(reach), "seen": asked["seen"],
        "next": asked["next"], "refused": refused, "marked": any(marks.values()), "checked": checked,
        "clocks": audience_clocks(incident, now=now),
    }  # fmt: skip


@needs("communicate")
@require_http_methods(["GET", "POST"])
def holding_page(request: HttpRequest, number: int) -> HttpResponse:
    """'Nothing new' with everything decided: shows words and count, and asks once."""
    incident, now = _incident(request, number), clock.now()
    last = incident.updates.order_by("-number").first()
    due = _default_due(incident, now=now)
    audiences = [clock_.audience for clock_ in audience_clocks(incident, now=now) if clock_.due_at is not None]
    audiences = [audience for audience in audiences if audience in _audiences(incident)] or [Audience.INSIDE.value]
    text = holding(facts_of(incident, zone=ZoneInfo(organisation_zone())))
    refused: Refused | None = None
    if request.method == "POST":
        seen = request.POST.get("seen", "0")
        try:
            post_holding(
                incident=incident, text=request.POST.get("text", text), audiences=audiences,
                seen=int(seen) if seen.isdigit() else 0, next_due=due, by=actor_of(viewer_of(request)), now=now,
            )  # fmt: skip
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("Sent."))
            return redirect("room", incident.pk)
    reach = reach_of(incident)
    context = {
        "incident": incident, "text": text, "seen": last.number if last else 0, "refused": refused, "reach": reach,
        "audiences": [{"label": Audience(audience).label, "due": due.get(audience)} for audience in audiences],
        "post_words": post_words(reach),
    }  # fmt: skip
    return render(request, "inform/update/holding.html", context, status=422 if refused else 200)
