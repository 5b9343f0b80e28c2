"""What every answer of Django carries."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from firstcall.people.pages.session import note_visit
from firstcall.web.sqlite.gate import StoreBusy

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def house(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The content policy on every page, times in the reader's zone, and no page kept by a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            note_visit(request)
        zone = getattr(request.user, "zone", "") or settings.ENV["FIRSTCALL_ZONE"]
        with timezone.override(ZoneInfo(zone)):
            response = get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    answer.process_exception = busy  # type: ignore[attr-defined]
    return answer


def busy(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """A write that did not get its turn within five seconds: nothing was changed, and the page says so."""
    if not isinstance(error, StoreBusy):
        return None
    answer = render(request, "503.html", status=503)
    answer.headers["Retry-After"] = "3"
    return answer
