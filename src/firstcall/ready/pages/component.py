"""The map, and one component or provider: what fails with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from firstcall.people.pages.guard import needs
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.pages.forms import NeedsForm
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.map_picture import map_picture
from firstcall.ready.queries.ripple import flows_hit


def _ripple(flows: list[Flow]) -> dict[str, Any]:
    known = [flow.cost_per_hour for flow in flows if flow.cost_per_hour is not None]
    customers = {customer.pk for flow in flows for customer in flow.customers.all()}
    return {
        "hit": flows,
        "hour": sum(known) if known else None,
        "unpriced": len(flows) - len(known),
        "customers": len(customers),
    }


@needs("read")
@require_http_methods(["GET"])
def component(request: HttpRequest, slug: str) -> HttpResponse:
    """One part of ours: what fails with it, what it needs, the first steps."""
    row = get_object_or_404(Component.objects.select_related("owner"), slug=slug)
    context = {
        "node": row,
        "kind": "component",
        "needs": row.needs.select_related("component", "provider"),
        "form": NeedsForm(),
        "known": [*Component.objects.values_list("name", flat=True), *Provider.objects.values_list("name", flat=True)],
        **_ripple(flows_hit(component=row)),
    }
    return render(request, "ready/component/node.html", context)


@needs("read")
@require_http_methods(["GET"])
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """One third party: what fails with it, and whom to ring there."""
    row = get_object_or_404(Provider, slug=slug)
    return render(
        request, "ready/component/node.html", {"node": row, "kind": "provider", **_ripple(flows_hit(provider=row))}
    )


@needs("read")
@require_http_methods(["GET"])
def map_page(request: HttpRequest) -> HttpResponse:
    """Flows on top, components in the middle, providers at the bottom; 'what if this fails?' for any node."""
    chosen = request.GET.get("node", "")
    picture = map_picture(chosen)
    context: dict[str, Any] = {"picture": picture, "chosen": chosen, "flows": flows_by_criticality()}
    if picture.failed is not None:
        hit = [row for row in flows_by_criticality().prefetch_related("customers") if row.pk in picture.flows_hit]
        context |= _ripple(hit)
    return render(request, "ready/component/map.html", context)
