"""Registering flows and changing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import FLOW_CHANGED, FLOW_REGISTERED
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.rules.first_steps import checked_steps

FIELDS = frozenset(
    {
        "criticality", "stops", "cost_per_hour", "cost_per_hour_most", "users_per_hour", "transactions_per_hour",
        "stakes", "peak_days", "peak_from", "peak_to", "workaround", "owner", "technical_owner", "team", "path",
        "words_customers", "words_support", "first_steps", "first_steps_link",
    }
)  # fmt: skip
STAKES = ("contract", "law", "trust")


def free_slug(model: Any, name: str) -> str:
    """An address from a name that no other row of `model` has. Raises Refused when nothing is left of the name."""
    return free_slugs(model, [name])[0]


def free_slugs(model: Any, names: Sequence[str]) -> list[str]:
    """Such an address for each name, in one statement. Raises Refused when nothing is left of a name."""
    taken, found = set(model.objects.values_list("slug", flat=True)) if names else set(), []
    for name in names:
        base = slugify(name)[:44]
        if not base:
            raise Refused(_("Give it a name with letters in it."), field="name")
        slug, number = base, 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        taken.add(slug)
        found.append(slug)
    return found


def refuse_taken(row: Any, name: str) -> None:
    """Two of one kind with one name are told apart by nobody. Raises Refused; a sample company's rows take no name."""
    name = name.strip()[:120]
    if name == row.name and row.pk:
        return  # as it was
    if type(row).objects.filter(name__iexact=name, sample=row.sample).exclude(pk=row.pk).exists():
        raise Refused(_("%(name)s is there already. Give this one a name of its own.") % {"name": name}, field="name")


def register_flow(*, name: str, by: Actor, now: dt.datetime, sample: bool = False, **known: Any) -> Flow:
    """A flow with whatever is known of it; the rest shows as not known. `known` are fields of Flow. Raises Refused."""
    name = name.strip()
    _check(known)
    with transaction.atomic():
        refuse_taken(Flow(sample=sample), name)
        known = {**known, **by_saving(by=by, now=now)}
        flow = Flow.objects.create(slug=free_slug(Flow, name), name=name[:120], sample=sample, **known)
        record(FLOW_REGISTERED, by=by, now=now, subject=f"flow:{flow.pk}", name=flow.name)
    return flow


def change_flow(*, flow: Flow, by: Actor, now: dt.datetime, name: str | None = None, **known: Any) -> Flow:
    """New facts of a flow. Raises Refused."""
    _check(known)
    refuse_from_file(flow)
    if name is not None and not name.strip():
        raise Refused(_("Give the flow a name."), field="name")
    with transaction.atomic():
        if name is not None:
            refuse_taken(flow, name)
            flow.name = name.strip()[:120]
        for field, value in {**known, "sketched": False, **by_saving(by=by, now=now)}.items():
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
    least, most = known.get("cost_per_hour"), known.get("cost_per_hour_most")
    if most is not None and (least is None or most < least):
        raise Refused(
            _("The upper end of what an hour costs must not be below the lower one."), field="cost_per_hour_most"
        )
    if set(known.get("stakes", ())) - set(STAKES):
        raise Refused(_("Choose from the list."), field="stakes")
    if "first_steps" in known:
        known["first_steps"] = checked_steps(known["first_steps"])
        if known["first_steps"] is None:
            raise Refused(_("Seven lines at most: at night nobody reads more."), field="first_steps")
    start, end = known.get("peak_from"), known.get("peak_to")
    if (start is None) != (end is None):
        raise Refused(_("Give both ends of the peak, or neither."), field="peak_to")
    if start is not None and end is not None and not 0 <= start < end <= 24:
        raise Refused(_("The peak must end after it begins, at 24 at the latest."), field="peak_to")
