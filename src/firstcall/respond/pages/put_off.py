"""Putting the head of one's queue off for ten minutes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.respond.commands.put_off import put_off


@require_POST
@needs("read")
def off(request: HttpRequest) -> HttpResponse:
    put_off(
        user=viewer_of(request),
        key=request.POST.get("key", ""),
        fact=request.POST.get("fact", ""),
        now=clock.now(),
    )
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return HttpResponseRedirect(back)
