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
    """Who told us stands ticked until somebody has said. Looking for a name keeps what is ticked."""
    incident = room_of(request, number)
    sent, named = request.POST, request.POST.get("named", "").strip()
    if request.method == "POST" and "find" not in sent:
        name_hit(
            incident=incident, shown=_chosen(sent.getlist("shown")), hit=_chosen(sent.getlist("hit")),
            others=sent.get("others", ""), by=actor_of(viewer_of(request)), now=clock.now(),
        )  # fmt: skip
        return done_in_room(request, number, _("Noted who is hit."))
    reports = reports_of(incident, viewer=viewer_of(request))
    told = {one.customer_id for one in reports if one.customer_id is not None}
    kept = {one.pk for one in customers_hit(incident)}
    unsaid = not kept and not incident.hit_others
    if request.method == "POST":
        ticked, others = {one.pk for one in _chosen(sent.getlist("hit"))}, sent.get("others", "")
    else:
        unlisted = dict.fromkeys(one.who for one in reports if one.who and one.customer_id is None)
        ticked, others = (told, ", ".join(unlisted)) if unsaid else (kept, incident.hit_others)
    found = may_be_hit(incident, likely=ticked | told | kept, named=named)
    return sheet(
        request, "respond/incident/hit.html", incident, customers=found[:MOST], more=len(found) > MOST, told=told,
        ticked=ticked, others=others, named=named, any_customer=bool(found) or Customer.objects.exists(),
    )  # fmt: skip


def _chosen(numbers: list[str]) -> list[Customer]:
    """The customers of these numbers; what is no number is none."""
    return list(Customer.objects.filter(pk__in=[int(one) for one in numbers if one.isdecimal() and len(one) < 19]))
