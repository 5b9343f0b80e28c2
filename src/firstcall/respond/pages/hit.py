"""Saying who is hit: customers of the flow to tick, and a line for others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.respond.commands.hit import name_hit
from firstcall.respond.pages.visit import done_in_room, room_of, sheet
from firstcall.respond.queries.hit import MOST, customers_hit, may_be_hit
from firstcall.respond.queries.report import reports_of


@require_http_methods(["GET", "POST"])
@needs("support")
def hit(request: HttpRequest, number: int) -> HttpResponse:
    """Who told us stands ticked until somebody has said. Looking for a name keeps what is ticked.

    The form carries who was noted when it was drawn: only what the person changed is written, so that two people with
    the form open keep each other's ticks.
    """
    incident = room_of(request, number)
    sent, named = request.POST, request.POST.get("named", "").strip()
    shown, hit_now, was = (_numbers(sent.getlist(name)) for name in ("shown", "hit", "was"))
    if request.method == "POST" and "find" not in sent:
        changed, others = shown & (hit_now ^ was), sent.get("others", "")
        name_hit(
            incident=incident, shown=_customers(changed), hit=_customers(changed & hit_now),
            others=None if others == sent.get("was_others") else others, by=actor_of(viewer_of(request)),
            now=clock.now(),
        )  # fmt: skip
        return done_in_room(request, number, _("Noted who is hit."))
    reports = reports_of(incident, viewer=viewer_of(request))
    told = {one.customer_id for one in reports if one.customer_id is not None}
    kept = {one.pk for one in customers_hit(incident)}
    if request.method == "POST":
        unseen = kept - shown
        was, was_others = was | unseen, sent.get("was_others", "")
        ticked, others = hit_now | unseen, sent.get("others", "")
    else:
        was, was_others = kept, incident.hit_others
        unlisted = dict.fromkeys(one.who for one in reports if one.who and one.customer_id is None)
        ticked, others = (kept, was_others) if kept or was_others else (told, ", ".join(unlisted))
    found = may_be_hit(incident, likely=ticked | told | kept, named=named)
    return sheet(
        request, "respond/incident/hit.html", incident, customers=found[:MOST], more=len(found) > MOST, told=told,
        ticked=ticked, others=others, was=was, was_others=was_others, named=named,
        any_customer=bool(found) or Customer.objects.exists(),
    )  # fmt: skip


def _numbers(sent: list[str]) -> set[int]:
    """What was sent as numbers; what is no number is none."""
    return {int(one) for one in sent if one.isdecimal() and len(one) < 19}


def _customers(numbers: set[int]) -> list[Customer]:
    return list(Customer.objects.filter(pk__in=numbers))
