"""How bad it is: saying it anew, or that it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.severity import change_severity, keep_severity
from firstcall.respond.pages.visit import done_in_room, refused_in_room, room_of, sheet


@require_http_methods(["GET", "POST"])
@needs("respond")
def severity(request: HttpRequest, number: int) -> HttpResponse:
    incident = room_of(request, number)
    refusal = None
    if request.method == "POST":
        wanted = request.POST.get("severity", "")
        try:
            change_severity(
                incident=incident,
                severity=int(wanted) if wanted.isdigit() else 0,
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
        choices=severity_choices(),
        chosen=request.POST.get("severity") or request.GET.get("to") or "",
    )


def severity_choices() -> list[tuple[int, str]]:
    """The four with what each means."""
    return [
        (1, _("a critical flow stopped for many, or money or data lost, wrong or seen by the wrong people")),
        (2, _("a critical flow hurt for some, or another flow stopped with no way round")),
        (3, _("hurt with a way round, or few touched")),
        (4, _("a flaw for working hours")),
    ]


@require_POST
@needs("respond")
def kept(request: HttpRequest, number: int) -> HttpResponse:
    """'Still SEV2'."""
    incident = room_of(request, number)
    said = request.POST.get("severity", "")
    try:
        keep_severity(
            incident=incident, severity=int(said) if said.isdecimal() and len(said) == 1 else 0,
            by=actor_of(viewer_of(request)), now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        return refused_in_room(request, number, refusal)
    return done_in_room(request, number, _("Noted: the severity stays."))
