"""What was reported, for pages of any room: `{% load report %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from firstcall.detect.queries.report import reports_of_customer
from firstcall.kernel import clock
from firstcall.ready.models.customer import Customer

register = template.Library()


@register.inclusion_tag("detect/report/of_customer.html", takes_context=True)
def customer_reports(context: Context, customer: Customer) -> dict[str, Any]:
    """What this customer reported, the latest first. One statement."""
    return {"reports": reports_of_customer(customer, viewer=context["user"]), "now": clock.now()}
