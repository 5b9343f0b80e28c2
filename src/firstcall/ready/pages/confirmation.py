"""Saying that what was prepared still holds, and the list of what waits for that."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.people import active_people, person
from firstcall.people.rules.access import can
from firstcall.ready.commands.confirmation import USUAL, confirm
from firstcall.ready.commands.owner import give_owner
from firstcall.ready.queries.confirmation import MODELS, Kept, Row, kept_called
from firstcall.ready.queries.confirmation import to_confirm as waiting
from firstcall.ready.queries.readiness import today

SHOWN = 50  # of a group
TICKED = 200  # given away at once


@require_safe
@needs("read")
def to_confirm(request: HttpRequest) -> HttpResponse:
    """What is due for me, what is due for others, what nobody owns."""
    viewer, day = viewer_of(request), today(clock.now())
    found = waiting(viewer, today=day, at_most=SHOWN, unowned=TICKED)
    context = {
        "groups": [
            (name, one.rows, one.count - len(one.rows))
            for name, one in ((_("Yours"), found.mine), (_("Nobody’s"), found.nobodys), (_("Of others"), found.others))
        ],
        "unowned": found.unowned, "people": active_people(), "due": found.count, "today": day, "usual": day + USUAL,
        "can_prepare": can(viewer.access, "prepare"),
    }  # fmt: skip
    return render(request, "ready/confirmation/list.html", context)


@require_POST
@needs("prepare")
def confirm_row(request: HttpRequest, noun: str, number: int) -> HttpResponse:
    """'It still holds', or of what a sketch said 'it is so': for one thing, from the list or from its page."""
    if noun not in MODELS:
        raise Http404
    row: Row = get_object_or_404(MODELS[noun], pk=number)  # type: ignore[assignment]
    try:
        confirm(row=row, until=_until(request.POST.get("until", "")), by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Confirmed: %(name)s.") % {"name": row})
    if request.POST.get("back") != "page":
        return redirect("to_confirm")
    return redirect(noun, Kept(noun, row, None, due=False).key)


@require_POST
@needs("prepare")
def owner_give(request: HttpRequest) -> HttpResponse:
    """What was ticked is somebody's from now on."""
    ticked = set(request.POST.getlist("rows"))
    rows = kept_called(ticked)
    owner = person(number_in(request.POST.get("owner", "")))
    try:
        if owner is None:
            raise Refused(_("Choose whose they are."), field="owner")
        give_owner(rows=rows, owner=owner, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("They are %(name)s’s now.") % {"name": owner.name})
    return redirect("to_confirm")


def _until(text: str) -> dt.date | None:
    """None for the usual day. Raises Refused for what is no day."""
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("Choose a day."), field="until")
    return day
