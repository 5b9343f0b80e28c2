"""Putting a question with its options and deciding it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.decision import Option, decide, look_again, open_decision
from firstcall.respond.models.decision import Decision
from firstcall.respond.pages.visit import coming_time, done_in_room, room_of, sheet

MOST = 4
FIELDS = ("title", "users", "data", "say")


def ready_made() -> dict[str, tuple[str, str, list[Option]]]:
    """Comparisons that come up in every outage, as a place to start from: name, question, options."""
    return {
        "roll-back": (
            _("Roll back or fix forward?"),
            _("Roll back, or fix forward?"),
            [
                {
                    "title": _("Roll back"),
                    "users": _("It works again as before once it is out; what is new is gone for a while"),
                    "data": _("What was written since must still be readable by the old version: check first"),
                    "say": _("We have gone back to the version before"),
                },
                {
                    "title": _("Fix forward"),
                    "users": _("It stays broken until the fix is out"),
                    "data": _("Nothing moves back; what is wrong already stays until it is mended"),
                    "say": _("We are working on a fix; next word at the promised time"),
                },
            ],
        ),
        "offline": (
            _("Offline or degraded?"),
            _("Take it offline, or run on degraded?"),
            [
                {
                    "title": _("Take it offline"),
                    "users": _("Nobody can use it; everyone sees why"),
                    "data": _("Nothing more goes wrong"),
                    "say": _("We have stopped it on purpose while we work on it"),
                },
                {
                    "title": _("Run on degraded"),
                    "users": _("Some still get through; some fail and try again"),
                    "data": _("Half-finished work may pile up and need cleaning"),
                    "say": _("It works for some; others see errors"),
                },
            ],
        ),
    }


def _options(sent: Any) -> list[Option]:
    return [
        Option(
            title=sent.get(f"title{n}", ""),
            users=sent.get(f"users{n}", ""),
            data=sent.get(f"data{n}", ""),
            say=sent.get(f"say{n}", ""),
        )
        for n in range(MOST)
    ]


@require_http_methods(["GET", "POST"])
@needs("respond")
def put(request: HttpRequest, number: int) -> HttpResponse:
    """A new question; `?start=` fills it from a ready-made comparison."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    refusal = None
    question, options = "", [Option(title="", users="", data="", say="") for _n in range(2)]
    again = ""
    starts = ready_made()
    if request.method == "POST":
        question, options = request.POST.get("question", ""), _options(request.POST)
        again = request.POST.get("again", "")
        now = clock.now()
        try:
            decision = open_decision(
                incident=incident,
                question=question,
                options=options,
                opened_by=viewer,
                by=actor_of(viewer),
                now=now,
                look_again_at=_again(request, now=now),
            )
        except Refused as no:
            refusal = no
        else:
            if request.POST.get("then") == "decide":
                return _decide_page(request, decision)
            return done_in_room(request, number, _("The question is open."))
    elif request.GET.get("start") in starts:
        _name, question, options = starts[request.GET["start"]]
    shown = [*options, *(Option(title="", users="", data="", say="") for _n in range(3 - len(options)))][:MOST]
    return sheet(
        request,
        "respond/decision/put.html",
        incident,
        refusal=refusal,
        question=question,
        options=list(enumerate(shown)),
        again=again,
        starts=[(key, start[0]) for key, start in starts.items()],
    )


def _again(request: HttpRequest, *, now: dt.datetime) -> dt.datetime | None:
    """When to look again, as typed; None for never. Raises Refused."""
    sent, viewer = request.POST.get("again", ""), viewer_of(request)
    return coming_time(sent, user=viewer, now=now, refusal=_("Write the time as 23:30."), field="again")


def _decide_page(request: HttpRequest, decision: Decision, refusal: Refused | None = None) -> HttpResponse:
    return sheet(
        request,
        "respond/decision/compare.html",
        decision.incident,
        refusal=refusal,
        decision=decision,
        options=list(enumerate(decision.options)),
    )


@require_http_methods(["GET", "POST"])
@needs("respond")
def compare(request: HttpRequest, number: int, decision: int) -> HttpResponse:
    """The options side by side; deciding takes one and says why, leaving it open says until when."""
    incident = room_of(request, number)
    row = Decision.objects.filter(pk=decision, incident=incident).select_related("incident", "decided_by").first()
    if row is None:
        raise Http404
    if request.method == "GET":
        return _decide_page(request, row)
    chosen, viewer, now = number_in(request.POST.get("chosen", "")), viewer_of(request), clock.now()
    try:
        if request.POST.get("then") == "later":
            at = _again(request, now=now)
            look_again(decision=row, at=at, by=actor_of(viewer), now=now)
            return done_in_room(request, number, _("It stays open until then."))
        decide(
            decision=row,
            chosen=-1 if chosen is None else chosen,
            why=request.POST.get("why", ""),
            decided_by=viewer,
            by=actor_of(viewer),
            now=now,
        )
    except Refused as refusal:
        return _decide_page(request, row, refusal)
    return done_in_room(request, number, _("Decided, and kept with its reason."))
