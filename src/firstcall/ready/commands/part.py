"""A component or a provider gets new facts, or leaves the map."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.kinds import Kind
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.setup import checked_phone
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.flow import refuse_taken
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import COMPONENT_CHANGED, COMPONENT_REMOVED, PROVIDER_CHANGED, PROVIDER_REMOVED
from firstcall.ready.models.component import Component
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.first_steps import checked_steps

FIELDS = {
    Component: frozenset({"owner", "team", "first_steps", "first_steps_link"}),
    Provider: frozenset(
        {
            "owner", "support_contact", "phone", "contract", "without", "status_url", "status_parts", "first_steps",
            "first_steps_link",
        }
    ),
}  # fmt: skip
CHANGED: dict[type[Component | Provider], Kind] = {Component: COMPONENT_CHANGED, Provider: PROVIDER_CHANGED}
REMOVED: dict[type[Component | Provider], Kind] = {Component: COMPONENT_REMOVED, Provider: PROVIDER_REMOVED}


def change_part(
    *, part: Component | Provider, by: Actor, now: dt.datetime, name: str | None = None, **known: Any
) -> None:
    """New facts; whoever says them also says that the part is no mere sketch. Raises Refused."""
    unknown = known.keys() - FIELDS[type(part)]
    if unknown:
        raise ValueError(f"a {type(part).__name__} has no {', '.join(sorted(unknown))}")
    if name is not None and not name.strip():
        raise Refused(_("Give it a name."), field="name")
    if "phone" in known:
        known["phone"] = checked_phone(known["phone"])
    if "first_steps" in known:
        known["first_steps"] = checked_steps(known["first_steps"])
        if known["first_steps"] is None:
            raise Refused(_("Seven lines at most: at night nobody reads more."), field="first_steps")
    with transaction.atomic():
        refuse_from_file(part)
        if name is not None:
            refuse_taken(part, name)
            part.name = name.strip()[:120]
        if "first_steps" in known and known["first_steps"] != part.first_steps:
            part.first_steps_tried = None  # other steps were never tried
        for field, value in {**known, "sketched": False, **by_saving(by=by, now=now)}.items():
            setattr(part, field, value)
        part.save()
        record(CHANGED[type(part)], by=by, now=now, subject=_subject(part), name=part.name)


def remove_part(*, part: Component | Provider, by: Actor, now: dt.datetime) -> None:
    """It leaves the map with its edges. Raises Refused for one that came from a file."""
    with transaction.atomic():
        refuse_from_file(part)
        record(REMOVED[type(part)], by=by, now=now, subject=_subject(part), name=part.name)
        part.delete()


def _subject(part: Component | Provider) -> str:
    return f"{'component' if isinstance(part, Component) else 'provider'}:{part.pk}"
