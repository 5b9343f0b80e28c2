"""How bad it is: saying it anew, or that it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.queries.severity import rules
from firstcall.respond.commands.severity import change_severity, keep_severity
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of, sheet


@require_http_methods(["GET", "POST"])
@needs("respond")
def severity(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    refusal = None
    if request.method == "POST":
        wanted = number_in(request.POST.get("severity", "")) or 0
        try:
            change_severity(
                incident=incident,
                severity=wanted,
                by=actor_of(viewer_of(request)),
                now=clock.now(),
                reason=request.POST.get("reason", ""),
            )
        except Refused as no:
            refusal = no
        else:
            return done_in_room(request, number, _("It is SEV{n} now.").format(n=wanted))
    return sheet(
        request,
        "respond/incident/severity.html",
        incident,
        refusal=refusal,
        choices=[(row.severity, row.means) for row in rules().values()],
        chosen=request.POST.get("severity") or request.GET.get("to") or "",
    )


@require_POST
@needs("respond")
def kept(request: HttpRequest, number: int) -> HttpResponse:
    """'Still SEV2'."""
    incident = room_of(request, number)
    said = number_in(request.POST.get("severity", "")) or 0
    try:
        keep_severity(
            incident=incident, severity=said,
            by=actor_of(viewer_of(request)), now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    return done_in_room(request, number, _("Noted: the severity stays."))
