"""Registering flows and changing them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.events import FLOW_CHANGED, FLOW_REGISTERED
from firstcall.ready.models.flow import Criticality, Flow

FIELDS = frozenset(
    {
        "criticality", "stops", "cost_per_hour", "users_per_hour", "peak_days", "peak_from", "peak_to", "workaround",
        "owner", "technical_owner", "path", "words_customers", "words_support",
    }
)  # fmt: skip


def free_slug(model: Any, name: str) -> str:
    """An address from a name that no other row of `model` has. Raises Refused when nothing is left of the name."""
    base = slugify(name)[:44]
    if not base:
        raise Refused(_("Give it a name with letters in it."), field="name")
    slug, number = base, 2
    while model.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def register_flow(*, name: str, by: Actor, now: dt.datetime, sample: bool = False, **known: Any) -> Flow:
    """A flow with whatever is known of it; the rest shows as not known. `known` are fields of Flow. Raises Refused."""
    name = name.strip()
    _check(known)
    with transaction.atomic():
        flow = Flow.objects.create(slug=free_slug(Flow, name), name=name[:120], sample=sample, **known)
        record(FLOW_REGISTERED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name)
    return flow


def change_flow(*, flow: Flow, by: Actor, now: dt.datetime, name: str | None = None, **known: Any) -> Flow:
    """New facts of a flow. Raises Refused."""
    _check(known)
    if name is not None and not name.strip():
        raise Refused(_("Give the flow a name."), field="name")
    with transaction.atomic():
        if name is not None:
            flow.name = name.strip()[:120]
        for field, value in known.items():
            setattr(flow, field, value)
        flow.save()
        record(FLOW_CHANGED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name)
    return flow


def _check(known: dict[str, Any]) -> None:
    unknown = known.keys() - FIELDS
    if unknown:
        raise ValueError(f"a flow has no {', '.join(sorted(unknown))}")
    if known.get("criticality", Criticality.IMPORTANT) not in Criticality.values:
        raise Refused(_("Choose critical, important or minor."), field="criticality")
    start, end = known.get("peak_from"), known.get("peak_to")
    if (start is None) != (end is None):
        raise Refused(_("Give both ends of the peak, or neither."), field="peak_to")
    if start is not None and end is not None and not 0 <= start < end <= 24:
        raise Refused(_("The peak must end after it begins, at 24 at the latest."), field="peak_to")
