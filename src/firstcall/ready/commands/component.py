"""Parts of ours, third parties, and who needs whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.flow import free_slug
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import COMPONENT_ADDED, DEPENDENCY_ADDED, DEPENDENCY_REMOVED, PROVIDER_ADDED
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency, Fallback
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.first_steps import checked_steps


def add_component(
    *, name: str, by: Actor, now: dt.datetime, owner: User | None = None, first_steps: str = "", sample: bool = False
) -> Component:
    """A part of ours. Raises Refused without a name, or with more than seven lines of first steps."""
    steps = checked_steps(first_steps)
    if steps is None:
        raise Refused(_("Seven lines at most: at night nobody reads more."), field="first_steps")
    with transaction.atomic():
        component = Component.objects.create(
            slug=free_slug(Component, name), name=name.strip()[:120], owner=owner, first_steps=steps,
            sample=sample, **by_saving(by=by, now=now),
        )  # fmt: skip
        record(COMPONENT_ADDED, by=by, now=now, subject=f"component:{component.pk}", name=component.name)
    return component


def add_provider(
    *,
    name: str,
    by: Actor,
    now: dt.datetime,
    support_contact: str = "",
    phone: str = "",
    status_url: str = "",
    sample: bool = False,
) -> Provider:
    """A third party. Raises Refused without a name."""
    with transaction.atomic():
        provider = Provider.objects.create(
            slug=free_slug(Provider, name), name=name.strip()[:120], support_contact=support_contact[:200],
            phone=phone[:32], status_url=status_url, sample=sample, **by_saving(by=by, now=now),
        )  # fmt: skip
        record(PROVIDER_ADDED, by=by, now=now, subject=f"provider:{provider.pk}", name=provider.name)
    return provider


def add_dependency(
    *,
    needs: Flow | Component,
    needed: Component | Provider,
    by: Actor,
    now: dt.datetime,
    hard: bool = True,
    fallback: str = Fallback.NONE,
    how: str = "",
    tested: dt.date | None = None,
) -> Dependency:
    """`needs` needs `needed`. Said once; saying it again changes how. A part can't need itself; circles may be.

    `how` is what to do without it, `tested` the day that was last tried. Raises Refused, also for an edge from a file.
    """
    if needs == needed:
        raise Refused(_("A part does not need itself."), field="needed")
    if fallback not in Fallback.values:
        raise Refused(_("Choose what happens without it."), field="fallback")
    if tested is not None and tested > now.date():
        raise Refused(_("That day is still to come."), field="tested")
    facts = {"hard": hard, "fallback": fallback, "fallback_how": how.strip()[:300], "fallback_tested": tested}
    ends: dict[str, Any] = {
        "flow": needs if isinstance(needs, Flow) else None,
        "from_component": needs if isinstance(needs, Component) else None,
        "component": needed if isinstance(needed, Component) else None,
        "provider": needed if isinstance(needed, Provider) else None,
    }
    with transaction.atomic():
        there = Dependency.objects.select_for_update().filter(**ends).first()
        if there is not None:
            refuse_from_file(there)
        row, _made = Dependency.objects.update_or_create(**ends, defaults=facts)
        record(DEPENDENCY_ADDED, by=by, now=now, subject=f"dependency:{row.pk}", needs=needs.name, needed=needed.name)
    return row


def remove_dependency(*, dependency: Dependency, by: Actor, now: dt.datetime) -> None:
    """It is needed no more. Raises Refused for an edge that came from a file."""
    refuse_from_file(dependency)
    needs = dependency.flow or dependency.from_component
    needed = dependency.component or dependency.provider
    with transaction.atomic():
        record(
            DEPENDENCY_REMOVED, by=by, now=now, subject=f"dependency:{dependency.pk}", needs=str(needs),
            needed=str(needed),
        )  # fmt: skip
        dependency.delete()
