"""What runs for a customer now, for pages of any room: `{% load customer %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from firstcall.kernel import clock
from firstcall.ready.models.customer import Customer
from firstcall.respond.queries.call_back import call_backs_of
from firstcall.respond.queries.incident import incidents_of_flows

register = template.Library()


@register.inclusion_tag("respond/customer/hit.html", takes_context=True)
def customer_hit(context: Context, customer: Customer) -> dict[str, Any]:
    """Open incidents of what it uses. One statement."""
    flows = [flow.pk for flow in customer.flows.all()]
    return {"incidents": incidents_of_flows(flows, viewer=context["user"]) if flows else [], "now": clock.now()}


@register.inclusion_tag("respond/customer/call_backs.html", takes_context=True)
def customer_call_backs(context: Context, customer: Customer) -> dict[str, Any]:
    """Calls promised to it. One statement."""
    return {"calls": call_backs_of(customer, viewer=context["user"]), "now": clock.now()}
