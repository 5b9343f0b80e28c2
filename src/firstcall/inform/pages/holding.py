"""The holding update: everything decided already, one confirmation that shows the words and the count."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.inform.commands.update import post_holding
from firstcall.inform.models.update import Audience
from firstcall.inform.pages.update import audiences_of, back_to_room, default_due, incident_of, reach_words
from firstcall.inform.queries.clocks import clocks_of, last_updates
from firstcall.inform.queries.reach import reach_of
from firstcall.inform.queries.words import facts_of
from firstcall.inform.rules.cadence import Clock
from firstcall.inform.rules.holding import holding
from firstcall.inform.rules.reach import nobody_hears
from firstcall.inform.rules.status import OVER, public_state_of
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.models.incident import Incident


def _texts(incident: Incident, clocks: list[Clock], first: set[str]) -> dict[str, str]:
    """Everybody who is promised a word and is there to hear gets one; when nobody is, the team does.

    `first`: who has heard nothing yet, or last that it was over.
    """
    owed = {one.audience for one in clocks if one.due_at is not None and one.heard} or {Audience.INSIDE.value}
    facts = replace(facts_of(incident), state=public_state_of(incident.state))
    return {
        audience: holding(audience, facts, first=audience in first)
        for audience in audiences_of(incident, clocks)
        if audience in owed
    }


@needs("communicate")
@require_http_methods(["GET", "POST"])
def holding_update(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows what would be sent, to whom and what it promises; POST sends just that, or the words as changed."""
    incident, now = incident_of(request, number), clock.now()
    words = last_updates([incident])
    clocks = clocks_of([incident], now=now, last=words)[incident.pk]
    told = {audience for audience, word in words[incident.pk].items() if word.state not in OVER}
    texts = _texts(incident, clocks, set(Audience.values) - told)
    due = default_due(incident, list(texts), now=now)
    last = incident.updates.order_by("-number").first()
    refused: Refused | None = None
    if request.method == "POST":
        texts = {audience: request.POST.get(audience, text).strip() for audience, text in texts.items()}
        try:
            post_holding(
                incident=incident, texts=texts, seen=number_in(request.POST.get("seen", "")) or 0,
                next_due=due, by=actor_of(viewer_of(request)), now=now,
            )  # fmt: skip
        except Refused as error:
            refused = error
            last = incident.updates.order_by("-number").first()
        else:
            messages.success(request, _("Sent. All clocks begin again."))
            return back_to_room(incident)
    reach = reach_of(incident)
    boxes = [
        {
            "audience": audience,
            "label": Audience(audience).label,
            "text": text,
            "due": due[audience],
            "people": [person.name for person in reach.people.get(audience, [])],
        }
        for audience, text in texts.items()
    ]
    context = {
        "incident": incident, "boxes": boxes, "seen": last.number if last else 0, "refused": refused, "reach": reach,
        "reach_words": reach_words(reach, set(texts)), "subscribers": f"{reach.subscribers:,}",
        "first": not told & set(texts),
        "unheard": [
            nobody_hears(one.audience, incident.flow.name if incident.flow else "")
            for one in clocks
            if one.due_at is not None and not one.heard and one.audience in audiences_of(incident, clocks)
        ],
    }  # fmt: skip
    return render(request, "inform/update/holding.html", context, status=422 if refused else 200)
