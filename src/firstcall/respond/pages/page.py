"""The page behind the link that woke someone: who, what, since when, and three answers. Looking never acts."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import public
from firstcall.people.rules.access import can
from firstcall.respond.commands.escalation import acknowledge, pass_on
from firstcall.respond.commands.first_step import tick_first_step, untick_first_step
from firstcall.respond.commands.join import join_room
from firstcall.respond.commands.page import note_opened
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Answer, Page
from firstcall.respond.pages.join import room_chosen
from firstcall.respond.queries.incident import rooms_for
from firstcall.respond.queries.page import briefing_of, page_of_token
from firstcall.respond.rules.escalation import link_lives

TRIES = 20  # wrong links a minute and address
TOO_MANY = 429


def _wrong_tries(request: HttpRequest) -> int:
    return int(cache.get(f"page-tries:{request.META.get('REMOTE_ADDR', '')}", 0))


def count_wrong(request: HttpRequest) -> None:
    """A link that is not good, against this address."""
    key = f"page-tries:{request.META.get('REMOTE_ADDR', '')}"
    if not cache.add(key, 1, timeout=60):
        cache.incr(key)


def refuse_guessing(request: HttpRequest) -> HttpResponse | None:
    """The answer to an address that tried too many wrong links, else None."""
    if _wrong_tries(request) < TRIES:
        return None
    answer = HttpResponse(_("Too many tries. Wait a minute."), status=TOO_MANY, content_type="text/plain")
    answer["Retry-After"] = "60"
    return guarded(answer)


def guarded(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, named to no other site, found by no search."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


# Without a session there is nothing for a forged request to ride on: the secret in the address is what acts. And a page
# that sends no referrer posts with the origin 'null', which the check of forgeries would refuse.
@public("the secret in the link is the key: one person, one step, an answer; who has it ticks first steps")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """404 for every link that is wrong, too old, or whose escalation is over: the same for all of them."""
    refused = refuse_guessing(request)
    if refused is not None:
        return refused
    now = clock.now()
    row = page_of_token(token, now=now)
    if row is None or not _lives(row):
        count_wrong(request)
        raise Http404
    if request.method == "POST":
        return guarded(_act(request, row, token))
    if request.method == "GET":
        note_opened(page=row, now=now)
    return guarded(_show(request, row))


def _lives(row: Page) -> bool:
    """Who has it, or joined it to another room, may look again; every other link ends with the escalation."""
    now = clock.now()
    answered = row.answer in (Answer.HAVE_IT, Answer.JOINED)
    return answered or link_lives(row.escalation.state, planned_at=row.planned_at, now=now)


def _act(request: HttpRequest, row: Page, token: str) -> HttpResponse:
    by = Actor("link", row.user_id, row.user.name)
    answer = request.POST.get("answer")
    try:
        if answer == "have_it":
            acknowledge(page=row, by=by, now=clock.now())
        elif answer == "pass_on":
            pass_on(page=row, by=by, now=clock.now())
        elif answer == "join":
            _join(request, row, by)
        elif answer in ("tick", "untick"):
            _tick(request, row, by, done=answer == "tick")
        else:
            return _show(request, row, refusal=_("Choose one of the answers."))
    except Refused as refusal:
        return _show(request, row, refusal=refusal.sentence)
    return HttpResponseRedirect(reverse("page", args=[token]))


def _join(request: HttpRequest, row: Page, by: Actor) -> None:
    """Into another room, by whoever may say in the house what it is."""
    incident = row.escalation.incident
    if incident.restricted or not can(row.user.access, "respond"):
        raise Refused(_("Sign in to say more than that you have it."))
    into = room_chosen(request.POST.get("into", ""), viewer=row.user)
    join_room(incident=incident, into=into, by=by, now=clock.now())


def _tick(request: HttpRequest, row: Page, by: Actor, *, done: bool) -> None:
    """A tick by the one who has it. What is restricted shows no steps here, and takes none."""
    incident = row.escalation.incident
    if row.answer != Answer.HAVE_IT or incident.restricted:
        raise Refused(_("Take it first: then you can tick what you did."))
    act = tick_first_step if done else untick_first_step
    act(
        incident=incident, part=request.POST.get("part", ""), step=request.POST.get("step", ""), by=by,
        now=clock.now(),
    )  # fmt: skip


def _show(request: HttpRequest, row: Page, refusal: str = "") -> HttpResponse:
    now = clock.now()
    briefing = briefing_of(row, viewer=row.user, now=now)
    return render(
        request,
        "respond/page/page.html",
        {
            "page": row,
            "person": row.user,
            "incident": briefing.incident,
            "briefing": briefing,
            "refusal": refusal,
            "rooms": _rooms(row),
            "may_tick": row.answer == Answer.HAVE_IT and briefing.incident.is_open,
            "left": max(0, int((briefing.next_at - now).total_seconds() // 60)) if briefing.next_at else None,
        },
        status=422 if refusal else 200,
    )


def _rooms(row: Page) -> list[Incident]:
    """What it may be joined to, by whoever may."""
    incident = row.escalation.incident
    if incident.restricted or not can(row.user.access, "respond"):
        return []
    return rooms_for(incident, viewer=row.user)
