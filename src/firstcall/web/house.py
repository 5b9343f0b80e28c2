"""Pages of the house itself: the theme and the design system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from firstcall.kernel import clock

THEMES = ("light", "dark")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie for a year and go back."""
    back = request.headers.get("referer", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=365 * 24 * 3600, httponly=True, samesite="Lax")
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component in all its states: the place to look before making anything new."""
    now = clock.now()
    return render(request, "house/components.html", {"moment": now, "severities": [1, 2, 3, 4]})
