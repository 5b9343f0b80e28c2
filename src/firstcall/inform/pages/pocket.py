"""The pocket sheet on a page, and the small worker that keeps it on the device."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstcall.inform.commands.pocket import wish_pocket
from firstcall.inform.models.pocket import PocketWish
from firstcall.inform.queries.pocket import pocket_sheet
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, public, viewer_of
from firstcall.people.queries.actor import actor_of


@needs("support")
@require_http_methods(["GET", "POST"])
def pocket(request: HttpRequest) -> HttpResponse:
    """One page to print. Telephone numbers stand on it: it is for who works on incidents, not for who only reads."""
    viewer = viewer_of(request)
    if request.method == "POST":
        try:
            day = number_in(request.POST.get("day", ""))
            wish_pocket(user=viewer, day=-1 if day is None else day, by=actor_of(viewer), now=clock.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Saved."))
        return redirect("pocket")
    wish = PocketWish.objects.filter(user=viewer).first()
    days = [(0, _("Not by mail")), *((number + 1, name) for number, name in WEEKDAYS.items())]
    context = {"sheet": pocket_sheet(now=clock.now()), "days": days, "day": wish.day if wish else 0}
    return render(request, "inform/pocket/page.html", context)


@cache
def _worker() -> bytes:
    found = finders.find("web/worker.js")
    assert isinstance(found, str)
    return Path(found).read_bytes()


@public("a script without any data in it; what it keeps was fetched with the reader's own session")
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """From the root, for a worker answers only for what lies below its own address."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})
