"""What the page of a group of alerts shows of the rooms above."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from firstcall.detect.models.group import AlertGroup
from firstcall.people.rules.access import can
from firstcall.respond.queries.incident import rooms_for_group

register = template.Library()


@register.inclusion_tag("respond/alert/joins.html", takes_context=True)
def group_joins(context: Context, group: AlertGroup) -> dict[str, Any]:
    """The open rooms it may belong to, each with its button. Three statements at most."""
    viewer = context["user"]
    rooms = rooms_for_group(group, viewer=viewer) if can(viewer.access, "respond") else []
    return {"rooms": rooms, "group": group, "csrf_token": context.get("csrf_token")}
