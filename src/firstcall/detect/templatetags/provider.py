"""How providers are, for pages of any room: `{% load provider %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from firstcall.detect.queries.provider_status import ProviderStanding, provider_standings, told_by
from firstcall.kernel import clock
from firstcall.people.rules.access import can
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.ripple import Node

register = template.Library()


@register.inclusion_tag("detect/provider/status.html", takes_context=True)
def provider_status(context: Context, provider: Provider) -> dict[str, Any]:
    """What it says of itself, since when and why; what was asked and what came back. Two statements."""
    now = clock.now()
    found = provider_standings(now=now, only=[provider.pk]).get(provider.pk)
    entries = told_by(found.status) if found is not None and found.status is not None else []
    return {
        "provider": provider, "standing": found, "status": found.status if found else None, "entries": entries,
        "now": now, "can_prepare": can(context["user"].access, "prepare"), "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.simple_tag
def provider_words() -> dict[Node, ProviderStanding]:
    """Every provider that has an address, by its place on the map. One statement."""
    return {("provider", number): one for number, one in provider_standings(now=clock.now()).items()}


@register.filter
def of_node(words: dict[Node, ProviderStanding], node: Node) -> ProviderStanding | None:
    """`{{ words|of_node:box.node }}`."""
    return words.get(node)
