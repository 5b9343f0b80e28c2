"""Confirming what a sketch suggested."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.sketch import confirm_sketched
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider


def _called(kind: str, slug: str) -> Flow | Component | Provider:
    if kind == "flow":
        return get_object_or_404(Flow, slug=slug)
    if kind == "component":
        return get_object_or_404(Component, slug=slug)
    if kind == "provider":
        return get_object_or_404(Provider, slug=slug)
    raise Http404


@needs("prepare")
@require_POST
def sketch_confirm(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """'Yes, it is so', for one flow, component or provider."""
    row = _called(kind, slug)
    try:
        confirm_sketched(row=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Confirmed: %(name)s.") % {"name": row.name})
    return redirect(kind, slug)
