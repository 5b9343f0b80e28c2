"""The map, and one component or provider: what fails with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import can
from firstcall.ready.commands.part import change_part, remove_part
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.pages.forms import ComponentForm, NeedsForm, ProviderForm, refuse
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.map_picture import known_names, layers_of, map_picture, part_of, parts_named
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.queries.what_if import circles_in, weak_points, what_if

MODELS: dict[str, type[Flow | Component | Provider]] = {"flow": Flow, "component": Component, "provider": Provider}
SHOWN = 12  # single points of failure before the rest folds, and circles
MOST = 200  # single points
FOUND = 20  # parts by a name


def _part(kind: str, slug: str) -> Component | Provider:
    if kind == "components":
        return get_object_or_404(Component, slug=slug)
    if kind == "providers":
        return get_object_or_404(Provider, slug=slug)
    raise Http404


def _node(
    request: HttpRequest, row: Component | Provider, kind: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "node": row, "kind": kind, "what": what_if(row, now=clock.now()),
        "can_prepare": can(viewer_of(request).access, "prepare") and not row.origin,
        "may_confirm": can(viewer_of(request).access, "prepare"), **more,
    }  # fmt: skip
    return render(request, "ready/component/node.html", context, status=status)


def component_page(request: HttpRequest, row: Component, form: NeedsForm, *, status: int = 200) -> HttpResponse:
    """The page of one part of ours, with what was typed into its form."""
    found = row.needs.select_related("component", "provider")
    return _node(request, row, "component", needs=found, form=form, known=known_names(), status=status)


@needs("read")
@require_http_methods(["GET"])
def component(request: HttpRequest, slug: str) -> HttpResponse:
    """One part of ours: what fails with it, what it needs, the first steps."""
    row = get_object_or_404(Component.objects.select_related("owner", "team"), slug=slug)
    return component_page(request, row, NeedsForm())


@needs("read")
@require_http_methods(["GET"])
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """One third party: what fails with it, and whom to ring there."""
    return _node(request, get_object_or_404(Provider.objects.select_related("owner"), slug=slug), "provider")


@needs("prepare")
@require_http_methods(["GET", "POST"])
def part_edit(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """New facts of a component or a provider."""
    row = _part(kind, slug)
    made = ComponentForm if isinstance(row, Component) else ProviderForm
    form = made(request.POST or None, initial={name: getattr(row, name) for name in made.base_fields})
    page = "component" if isinstance(row, Component) else "provider"
    if request.method == "POST" and form.is_valid():
        try:
            change_part(part=row, **form.cleaned_data, by=actor_of(viewer_of(request)), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(page, row.slug)
    context = {"form": form, "node": row, "kind": kind, "page": page}
    return render(request, "ready/component/form.html", context, status=422 if form.errors else 200)


@needs("prepare")
@require_POST
def part_remove(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """It leaves the map."""
    row = _part(kind, slug)
    try:
        remove_part(part=row, by=actor_of(viewer_of(request)), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("%(name)s left the map.") % {"name": row.name})
    return redirect("map")


@needs("read")
@require_http_methods(["GET"])
def map_page(request: HttpRequest) -> HttpResponse:
    """Flows on top, components in the middle, providers at the bottom; 'what if this fails?' for any node.

    Of a map that is too large for one picture a part, and `find` to look for any other by its name.
    """
    chosen, text, now = request.GET.get("node", ""), request.GET.get("find", "")[:120], clock.now()
    flows, net = list(flows_by_criticality()), the_net()
    layers = layers_of(flows)
    weak, circles = weak_points(net, layers.names, flows, now=now), circles_in(net, layers.names)
    part = part_of(layers, net, chosen, (one.key for one in weak))
    drawn = part.layers if part is not None else layers
    picture = map_picture(drawn, net, chosen)
    context: dict[str, Any] = {
        "picture": picture, "chosen": chosen, "part": part, "text": text, "weak": weak[:SHOWN],
        "rest": weak[SHOWN:MOST], "more_weak": max(0, len(weak) - MOST), "circles": circles[:SHOWN],
        "more_circles": max(0, len(circles) - SHOWN), "found": parts_named(layers, text, at_most=FOUND + 1),
        "layers": [(noun, boxes, part.left[noun] if part else 0) for noun, boxes in picture.layers],
    }  # fmt: skip
    if picture.failed is not None:
        noun, number = picture.failed.node
        row = MODELS[noun]._default_manager.select_related("owner").get(pk=number)
        context["what"] = what_if(row, now=now)
        context["page"] = reverse(noun, args=[row.slug])
        context["small"] = map_picture(drawn, net, chosen, narrow=True)
    return render(request, "ready/component/map.html", context)
