"""Pages of the house itself: the theme and the design system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from firstcall.people.pages.guard import public
from firstcall.web.showcase import everything

THEMES = [("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """'light', 'dark', or '' for what the device says; `?theme=` shows one page in the other."""
    known = {value for value, _label in THEMES}
    asked = request.GET.get("theme", request.COOKIES.get("theme", ""))
    return asked if asked in known else ""


@public("a cookie of one's own, kept by nobody else")
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie for a year and go back; following the device needs no cookie."""
    back = request.headers.get("referer", "/").split("?theme=")[0]
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme")
    if chosen in ("light", "dark"):
        response.set_cookie("theme", chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@public("shows the design, no data")
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component in all its states: the place to look before making anything new."""
    return render(request, "house/components.html", everything())
