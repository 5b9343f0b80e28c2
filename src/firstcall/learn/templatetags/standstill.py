"""How long a customer's flows stood still, for pages of any room: `{% load standstill %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from firstcall.kernel import clock
from firstcall.learn.queries.standstill import month_of
from firstcall.ready.models.customer import Customer

register = template.Library()


@register.inclusion_tag("learn/customer/month.html", takes_context=True)
def customer_month(context: Context, customer: Customer) -> dict[str, Any]:
    """The minutes of this month against those agreed. One statement."""
    return {"month": month_of(customer, viewer=context["user"], now=clock.now()), "agreed": customer.minutes_a_month}
