"""Where alerts come from: making a source, its keys, and what to paste into the tool."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.detect.commands.source import MOST_KEYS, end_key, end_source, make_source, new_key
from firstcall.detect.models.source import Source, SourceKey, SourceKind
from firstcall.detect.pages.group import tabs
from firstcall.detect.queries.source import sources_heard
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.component import Component


@require_http_methods(["GET", "POST"])
@needs("read", post="prepare")
def sources(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    sent = request.POST
    try:
        source, key = make_source(
            name=sent.get("name", ""),
            kind=sent.get("kind", ""),
            component=_component(sent.get("component", "")),
            by=actor_of(viewer_of(request)),
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, refusal=refused)
    return shown_once(request, source, key)


@require_POST
@needs("prepare")
def key_new(request: HttpRequest, number: int) -> HttpResponse:
    source = Source.objects.filter(pk=number).first()
    if source is None:
        raise Http404
    try:
        key = new_key(source=source, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("sources")
    return shown_once(request, source, key)


@require_POST
@needs("prepare")
def key_end(request: HttpRequest, number: int) -> HttpResponse:
    key = SourceKey.objects.select_related("source").filter(pk=number).first()
    if key is None:
        raise Http404
    end_key(key=key, by=actor_of(viewer_of(request)), now=clock.now())
    messages.success(request, _("The key is ended: nothing sent with it is taken any more."))
    return redirect("sources")


@require_POST
@needs("prepare")
def source_end(request: HttpRequest, number: int) -> HttpResponse:
    source = Source.objects.filter(pk=number).first()
    if source is None:
        raise Http404
    end_source(source=source, by=actor_of(viewer_of(request)), now=clock.now())
    messages.success(request, _("{name} is ended. What it sent stays.").format(name=source.name))
    return redirect("sources")


def shown_once(request: HttpRequest, source: Source, key: str) -> HttpResponse:
    """The only page that ever shows this key."""
    base = f"{settings.BASE_URL}/in"
    part = source.component or Component.objects.first()
    context = {
        "source": source,
        "key": key,
        "address": f"{base}/{source.kind}",
        "prefix": f"/in/{key}/{source.kind}",
        "address_with_key": f"{base}/{key}/{source.kind}",
        "part": part.slug if part else "payments",
        **tabs(viewer=viewer_of(request)),
    }
    response = render(request, "detect/source/key.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _component(number: str) -> Component | None:
    return Component.objects.filter(pk=number_in(number) or 0).first()


def _page(request: HttpRequest, *, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "heard": sources_heard(now=clock.now()),
        "kinds": SourceKind.choices,
        "components": Component.objects.all(),
        "refused": {refusal.field or "": refusal.sentence} if refusal else {},
        "given": request.POST,
        "most_keys": MOST_KEYS,
        **tabs(viewer=viewer_of(request)),
    }
    return render(request, "detect/source/list.html", context, status=422 if refusal else 200)
