"""Posting words: the facts first, one text for each audience, marks under the words, whom it reaches."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods

from firstcall.inform.commands.status_page import show_flow
from firstcall.inform.commands.update import Repair, publish_update
from firstcall.inform.models.update import Audience
from firstcall.inform.queries.clocks import clocks_of, holdings_in, last_updates, people_in
from firstcall.inform.queries.reach import Reach, page_to_show, reach_of
from firstcall.inform.queries.words import facts_of
from firstcall.inform.rules.cadence import Clock, fall_together, next_due, owed_the_end
from firstcall.inform.rules.reach import company_of, nobody_hears
from firstcall.inform.rules.status import OVER, SAYABLE, public_state_of
from firstcall.inform.rules.wording import Mark, apply_fix, check_words
from firstcall.inform.rules.words import Facts, draft
from firstcall.journal.spoken import wall
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.queries.severity import rule_of
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.queries.incident import incident_for
from firstcall.respond.rules.wall_time import next_at, parse_time, zone_named


def incident_of(request: HttpRequest, number: int) -> Incident:
    """The incident, or the same 404 for what isn't there and what may not be seen."""
    try:
        return incident_for(viewer=viewer_of(request), number=number)
    except Gone:
        raise Http404 from None


def back_to_room(incident: Incident) -> HttpResponseRedirect:
    """To the room's top card, the next thing to do: the browser puts the focus there by the address alone."""
    return HttpResponseRedirect(reverse("room", args=[incident.pk]) + "#region-next")


def audiences_of(incident: Incident, clocks: list[Clock]) -> list[str]:
    """Who can be told, soonest due first. Of what is restricted nothing is said publicly."""
    return [one.audience for one in clocks if one.audience != Audience.PUBLIC or not incident.restricted]


def default_due(incident: Incident, audiences: list[str], *, now: dt.datetime) -> dict[str, dt.datetime | None]:
    """What the severity table promises each of them next."""
    rule, together = rule_of(incident.severity), fall_together(people_in(incident, holdings_in([incident])))
    return {audience: next_due(audience, rule, now=now, together=together) for audience in audiences}


INSIDE = {
    "inside": gettext_noop("the team"),
    "support": gettext_noop("support"),
    "leadership": gettext_noop("leadership"),
}


def reach_words(reach: Reach, audiences: set[str]) -> str:
    """Whom the button reaches: '1,243 subscribers, the team and support'."""
    subscribers, inside = reach.of(audiences)
    parts = []
    if Audience.PUBLIC in audiences and reach.pages:
        if subscribers:
            words = ngettext("%(n)s subscriber", "%(n)s subscribers", subscribers)
            parts.append(words % {"n": f"{subscribers:,}"})
        else:
            parts.append(_("the status page"))
    parts += [_(INSIDE[audience]) for audience in inside]
    return _(" and ").join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part) or _("the room")


@dataclass(slots=True)
class Asked:
    """What stands in the form: the facts, the texts, to whom, and what the writer had seen."""

    facts: Facts
    texts: dict[str, str]
    chosen: set[str]
    state: str
    seen: int
    next: str = ""
    repair: str = ""
    basis: str = ""
    checked: bool = False
    refused: Refused | None = None
    next_at: dt.datetime | None = None
    marks: dict[str, list[Mark]] = field(default_factory=dict)


def _wall(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone(get_current_timezone()):%H:%M}" if moment else ""


def _coming(text: str, name: str, *, now: dt.datetime) -> dt.datetime | None:
    """'23:25' in the reader's zone as the next such instant. Raises Refused for anything else."""
    if not text.strip():
        return None
    time = parse_time(text)
    if time is None:
        raise Refused(_("Write the time like 23:25."), field=name)
    return next_at(time, now=now, zone=zone_named(str(get_current_timezone())))


def _fresh(incident: Incident, clocks: list[Clock], reach: Reach, owed: Sequence[str], *, now: dt.datetime) -> Asked:
    """Everybody who is there to hear it is chosen; once it is over, those who are still `owed` that."""
    audiences = audiences_of(incident, clocks)
    chosen = {one for one in audiences if one in reach.heard and (one in owed or not owed)}
    last = incident.updates.order_by("-number").first()
    seen = last.number if last else 0
    due = default_due(incident, audiences, now=now)
    facts = replace(facts_of(incident), state=public_state_of(incident.state))
    soonest = min((at for at in due.values() if at is not None), default=None) if incident.is_open else None
    if soonest is not None and last is not None and last.next_due_at is not None:
        soonest = min(soonest, now + (last.next_due_at - last.at))  # who was told every half hour is told so again
    texts = {audience: draft(audience, facts) for audience in audiences}
    return Asked(facts, texts, chosen, facts.state, seen, next=_wall(soonest), next_at=soonest)


def _read(request: HttpRequest, asked: Asked, *, now: dt.datetime) -> None:
    """What was sent, over what the room knows."""
    sent = request.POST
    asked.checked = True
    asked.texts = {name: sent.get(name, text).replace("\r\n", "\n").strip() for name, text in asked.texts.items()}
    asked.chosen = {name for name in asked.texts if sent.get(f"to_{name}")}
    asked.seen = number_in(sent.get("seen", "")) or 0
    asked.state = sent.get("state", asked.state)
    asked.next, asked.repair, asked.basis = sent.get("next", ""), sent.get("repair", ""), sent.get("basis", "").strip()
    affected = sent.get("affected", asked.facts.flow).strip()
    asked.facts = replace(
        asked.facts,
        flow=affected,
        called=asked.facts.called if affected == asked.facts.flow else "",  # what was typed goes first
        scale=sent.get("scale", asked.facts.scale).strip(),
        state=asked.state if asked.state in SAYABLE else asked.facts.state,
    )
    asked.next_at = _coming(asked.next, "next", now=now)


def _repair(asked: Asked, *, now: dt.datetime) -> Repair | None:
    at = _coming(asked.repair, "repair", now=now)
    if at is None:
        return None
    if not asked.basis:
        raise Refused(_("Say on what the time of repair rests, or leave it out."), field="basis")
    return Repair(at, asked.basis)


def _check(incident: Incident, asked: Asked) -> None:
    tone = rule_of(incident.severity).tone
    says_next = asked.next_at is not None or asked.state in OVER or not incident.is_open
    has_basis = bool(asked.repair.strip() and asked.basis)
    asked.marks = {
        audience: check_words(text, audience=audience, says_next=says_next, tone=tone, has_basis=has_basis)
        for audience, text in asked.texts.items()
        if text and audience in asked.chosen
    }


def _fixed(asked: Asked, which: str) -> None:
    """`fix:public:0`: the first better phrase of the public text, put in."""
    _, audience, place = which.split(":")
    marks, at = asked.marks.get(audience, []), number_in(place)
    if at is not None and at < len(marks):
        fix = marks[at].fix
        if fix is not None:
            asked.texts[audience] = apply_fix(asked.texts[audience], fix)


def _answer(request: HttpRequest, incident: Incident, asked: Asked, *, now: dt.datetime) -> HttpResponse | None:
    """Send; or None when the form is to be shown again: only looked at, or marked and not insisted on."""
    _read(request, asked, now=now)
    repair = _repair(asked, now=now)
    do = request.POST.get("do", "")
    if do == "redraft":
        facts = replace(asked.facts, repair=_local(repair), basis=asked.basis)
        asked.texts = {audience: draft(audience, facts) for audience in asked.texts}
    _check(incident, asked)
    if do.count(":") == 2 and do.startswith("fix:"):
        _fixed(asked, do)
        _check(incident, asked)
    marks = [mark for found in asked.marks.values() for mark in found]
    if do == "check" and not marks:
        messages.success(request, _("The words are checked: nothing to change."))
    if do not in ("post", "anyway") or (marks and do != "anyway"):
        return None
    texts = {audience: asked.texts[audience] for audience in asked.texts if audience in asked.chosen}
    publish_update(
        incident=incident, texts=texts, seen=asked.seen, next_due=dict.fromkeys(texts, asked.next_at),
        public_state=asked.state, overruled=marks, repair=repair, by=actor_of(viewer_of(request)), now=now,
    )  # fmt: skip
    messages.success(request, _("Sent to %(whom)s.") % {"whom": reach_words(reach_of(incident), set(texts))})
    return back_to_room(incident)


def _show_page(request: HttpRequest, incident: Incident, asked: Asked, *, now: dt.datetime) -> None:
    """Have a page that shows the flow; the public is chosen then. Raises Refused for who may not prepare one."""
    _read(request, asked, now=now)
    viewer = viewer_of(request)
    if not can(viewer.access, "prepare") or Audience.PUBLIC not in asked.texts:
        raise Refused(_("Ask an admin or somebody on call to make the page: they may."), field=Audience.PUBLIC)
    page = show_flow(flow=incident.flow, name=request.POST.get("page_name", ""), by=actor_of(viewer), now=now)
    asked.chosen.add(Audience.PUBLIC)
    messages.success(request, _("%(name)s is there for everybody to read. Now post your words.") % {"name": page.name})


def _page_offered(viewer: User, incident: Incident, reach: Reach) -> dict[str, Any]:
    """What the button for a missing page needs: the page to put the flow on, or what a new one may be called."""
    if Audience.PUBLIC in reach.heard:
        return {}
    page = page_to_show(incident.flow)
    return {
        "may_show": can(viewer.access, "prepare"),
        "page_there": page,
        "page_name": company_of(viewer.email) if page is None else "",
    }


def _local(repair: Repair | None) -> str:
    return wall(repair.at, get_current_timezone()) if repair else ""


@needs("communicate")
@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, number: int) -> HttpResponse:
    """[Check] marks words, [Write the texts again] begins anew from the facts, [Post] sends.

    [Make the page] has a status page that shows the flow, and keeps all that was typed.
    """
    incident, now = incident_of(request, number), clock.now()
    words = last_updates([incident])
    clocks = clocks_of([incident], now=now, last=words)[incident.pk]
    reach = reach_of(incident)
    told = {audience: word.state for audience, word in words[incident.pk].items()}
    asked = _fresh(incident, clocks, reach, owed_the_end(incident.state, told), now=now)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "page":
                _show_page(request, incident, asked, now=now)
                reach = reach_of(incident)
            elif (answer := _answer(request, incident, asked, now=now)) is not None:
                return answer
        except Refused as error:
            asked.refused = error
            newest = incident.updates.order_by("-number").first()
            asked.seen = newest.number if newest else 0
    context = _context(incident, asked, reach, clocks) | _page_offered(viewer_of(request), incident, reach)
    return render(request, "inform/update/update.html", context, status=422 if asked.refused else 200)


def _context(incident: Incident, asked: Asked, reach: Reach, clocks: list[Clock]) -> dict[str, Any]:
    by_audience = {one.audience: one for one in clocks}
    boxes = [
        {
            "audience": audience,
            "label": Audience(audience).label,
            "text": text,
            "chosen": audience in asked.chosen,
            "marks": asked.marks.get(audience, []),
            "under": segments(text, asked.marks.get(audience, [])),
            "people": [person.name for person in reach.people.get(audience, [])],
            "clock": by_audience[audience],
            "heard": audience in reach.heard,
            "nobody": nobody_hears(audience, incident.flow.name if incident.flow else ""),
        }
        for audience, text in asked.texts.items()
    ]
    names = [name for name in asked.texts if name in reach.heard]
    every = [set(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    marked = sum(len(marks) for marks in asked.marks.values())
    return {
        "incident": incident, "asked": asked, "boxes": boxes, "reach": reach, "marked": marked,
        "reach_words": reach_words(reach, asked.chosen), "subscribers": reach.subscribers,
        "words_by_choice": json.dumps({",".join(sorted(some)): reach_words(reach, some) for some in every}),
        "states": [(value, State(value).label) for value in SAYABLE],
        "public": next((box for box in boxes if box["audience"] == Audience.PUBLIC), None),
        "refused": asked.refused, "open_marks": marked and not asked.refused,
    }  # fmt: skip


def segments(text: str, marks: list[Mark]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is marked; marks that overlap become one."""
    pieces, place = [], 0
    for mark in marks:
        if mark.end <= place:
            continue
        start = max(mark.start, place)
        if start > place:
            pieces.append((text[place:start], False))
        pieces.append((text[start : mark.end], True))
        place = mark.end
    return [*pieces, (text[place:], False)] if place < len(text) else pieces
