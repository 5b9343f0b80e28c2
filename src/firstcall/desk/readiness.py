"""Readiness: what would go wrong tonight, what it would cost, and who mends it by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.learn.queries.readiness import readiness_now
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people, person
from firstcall.people.rules.access import can
from firstcall.ready.commands.readiness import accept_hole, give_hole, reopen_hole
from firstcall.ready.models.readiness import HoleCare, ReadinessDay
from firstcall.ready.queries.readiness import SHOWN, Lately, cares, days, lately, mended, today
from firstcall.ready.rules.holes.hole import TOPICS, Hole

MOST = 60  # holes drawn with their forms
OLD = dt.timedelta(minutes=15)  # a worker that runs looks at least every ten


@dataclass(frozen=True, slots=True)
class Row:
    """A hole and what was said of it. `state` open, given, late or accepted."""

    hole: Hole
    care: HoleCare | None
    state: str


def _row(hole: Hole, care: HoleCare | None, day: dt.date) -> Row:
    if care is None:
        return Row(hole, None, "open")
    if care.accepted_until is not None:
        return Row(hole, care, "accepted" if care.accepted_until >= day else "open")
    return Row(hole, care, "late" if care.due is not None and care.due < day else "given")


def rows_of(holes: Sequence[Hole], *, now: dt.datetime) -> list[Row]:
    """Each hole in its place, with what was said of it. One statement."""
    said, day = cares(), today(now)
    return [_row(hole, said.get(hole.key), day) for hole in holes]


@dataclass(frozen=True, slots=True)
class OpenHoles:
    """The dearest holes that nobody has accepted, and how many there are; `as_of` is when, if that is a while ago.

    `accepted` are those that somebody took upon them: no light is green for them.
    """

    holes: list[Hole]
    count: int
    accepted: int
    as_of: dt.datetime | None


def open_holes(*, now: dt.datetime) -> OpenHoles:
    """As the worker found them last. Two statements; before it first looked all that readiness takes."""
    found = lately(now=now)
    if found is None:
        whole = readiness_now(now=now)
        found = Lately(whole.holes, 0, now, 0)
    rows = rows_of(found.holes, now=now)
    holes = [row.hole for row in rows if row.state != "accepted"]
    old = now - found.reckoned_at > OLD
    return OpenHoles(holes, len(holes) + found.rest, len(rows) - len(holes), found.reckoned_at if old else None)


@needs("read", post="prepare")
@require_http_methods(["GET", "POST"])
def readiness(request: HttpRequest) -> HttpResponse:
    """The whole page; a form of one hole posts to it."""
    viewer, now = viewer_of(request), clock.now()
    found = readiness_now(now=now)
    refusal = None
    if request.method == "POST":
        hole = next((hole for hole in found.holes if hole.key == request.POST.get("hole")), None)
        try:
            if hole is None:
                raise Refused(_("This hole is closed already."))
            said = _act(request, hole, viewer, now=now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, said)
            return redirect(f"{reverse('readiness')}#hole-{quote(hole.key)}")
    rows, past = rows_of(found.holes, now=now), days(now=now)
    before = next((day for day in past if day.day == today(now) - dt.timedelta(days=7)), None)
    context: dict[str, Any] = {
        "found": found,
        "rows": rows[:MOST],
        "more": max(0, len(rows) - MOST),
        "accepted": sum(row.state == "accepted" for row in rows),
        "mended": mended(found.holes, past, now=now),
        "shares": [(_(TOPICS[share.topic]), share) for share in found.shares if share.of],
        "past": list(reversed(past)),
        "line": _line(past, today(now)),
        "before": before,
        "people": active_people(),
        "today": today(now),
        "can_prepare": can(viewer.access, "prepare"),
        "refusal": refusal,
        "given": request.POST,
    }
    return render(request, "desk/readiness.html", context, status=422 if refusal else 200)


def _act(request: HttpRequest, hole: Hole, viewer: User, *, now: dt.datetime) -> str:
    """Do what the form asks; the sentence that says it is done. Raises Refused."""
    sent, by = request.POST, actor_of(viewer)
    if sent.get("act") == "reopen":
        reopen_hole(hole=hole, by=by, now=now)
        return _("It is open again.")
    if sent.get("act") == "accept":
        until = _day(sent.get("until", ""), "until")
        accept_hole(hole=hole, reason=sent.get("reason", ""), until=until, person=viewer, by=by, now=now)
        return _("Accepted in your name. It keeps its place and its price.")
    who = person(number_in(sent.get("person", "")))
    if who is None:
        raise Refused(_("Choose who mends it."), field="person")
    give_hole(hole=hole, person=who, due=_day(sent.get("due", ""), "due"), by=by, now=now)
    return _("{name} mends it.").format(name=who.name)


def _day(text: str, field: str) -> dt.date:
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("Choose a day."), field=field)
    return day


def _line(past: Sequence[ReadinessDay], day: dt.date) -> str:
    """How much held as a path in a box of 120 by 29: right is today, the top is all."""
    points = [
        (120 * (1 - (day - one.day).days / (SHOWN - 1)), 27.5 - 26 * one.holds / one.of) for one in past if one.of
    ]
    if len(points) == 1:
        points.insert(0, (max(0.0, points[0][0] - 2), points[0][1]))
    return "".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(points))
