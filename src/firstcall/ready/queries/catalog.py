"""What is prepared, as the rows of a catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Rotation, Schedule
from firstcall.ready.rules.catalog import BY_KIND, Field, Item, key_of

MODELS: dict[str, type[Any]] = {
    "team": Team, "schedule": Schedule, "path": EscalationPath, "provider": Provider, "component": Component,
    "flow": Flow, "dependency": Dependency, "customer": Customer,
}  # fmt: skip


def people() -> dict[str, int]:
    """Ids by mail address in small letters. One statement."""
    return {email.lower(): pk for pk, email in User.objects.filter(is_active=True).values_list("pk", "email")}


def catalog_items(*, samples: bool = False) -> list[Item]:
    """Every prepared row; those of the sample company only with `samples`. Twenty statements at most.

    A schedule with a layer that follows a calendar says nothing of that layer.
    """
    found = []
    for kind, model in MODELS.items():
        for row in _loaded(kind, model, samples):
            facts = dict(_facts(BY_KIND[kind].fields, row))
            found.append(Item(kind, key_of(BY_KIND[kind], facts), facts, origin=row.origin))
    return found


def _loaded(kind: str, model: type[Any], samples: bool) -> Any:
    related = {
        "team": ((), ("members",)),
        "schedule": (("owner", "team"), ("rotations__members__user",)),
        "path": (("owner",), ("steps__user", "steps__schedule")),
        "provider": (("owner",), ()),
        "component": (("owner", "team"), ()),
        "flow": (("owner", "technical_owner", "team", "path"), ("severity_paths__path",)),
        "dependency": (("flow", "from_component", "component", "provider"), ()),
        "customer": (("account_owner",), ("flows", "contacts")),
    }[kind]
    rows = model.objects.select_related(*related[0]).prefetch_related(*related[1]).order_by("pk")
    if samples:
        return rows
    if kind == "dependency":
        return [row for row in rows if not any(end.sample for end in ends_of(row))]
    return rows.filter(sample=False)


def ends_of(row: Dependency) -> tuple[Any, Any]:
    """Who needs and what is needed."""
    return row.flow or row.from_component, row.component or row.provider


def _facts(fields: tuple[Field, ...], row: Any) -> Iterator[tuple[str, Any]]:
    for one in fields:
        yield one.name, _fact(one, row)


def _fact(one: Field, row: Any) -> Any:
    if one.form == "node":
        end = ends_of(row)[one.name == "to"]
        return f"{type(end).__name__.lower()}:{end.slug}"
    if one.form == "rows":
        return tuple(_nested(one, row))
    if one.form == "crew":
        return tuple(sorted(user.email.lower() for user in row.members.all()))
    if one.form == "refs":
        return tuple(sorted(flow.slug for flow in row.flows.all()))
    value = getattr(row, "user" if one.name == "person" else one.name)
    if value is None:
        return None
    if one.form == "mail":
        return value.email.lower()
    if one.form == "ref":
        return getattr(value, BY_KIND[one.of].key)
    if one.form in ("choices", "hours"):
        return tuple(sorted(value)) if one.form == "choices" else tuple(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _nested(one: Field, row: Any) -> Iterator[dict[str, Any]]:
    if one.name == "layers":
        for rotation in row.rotations.all():
            if rotation.calendar_id is None:
                yield _layer(rotation)
        return
    rows = {"steps": "steps", "contacts": "contacts", "severity_paths": "severity_paths"}[one.name]
    for each in sorted(getattr(row, rows).all(), key=_place):
        yield dict(_facts(one.rows, each))


def _layer(rotation: Rotation) -> dict[str, Any]:
    return {
        "name": rotation.name,
        "zone": rotation.zone,
        "members": tuple(member.user.email.lower() for member in rotation.members.all()),
        "length_days": rotation.length_days,
        "length_hours": rotation.length_hours,
        "handover": f"{rotation.handover:%H:%M}",
        "starts": rotation.starts.isoformat(),
        "until": rotation.until.isoformat() if rotation.until else None,
        "windows": tuple({key: window[key] for key in ("days", "from", "to")} for window in rotation.windows),
    }


def _place(row: Any) -> tuple[int, int]:
    return getattr(row, "order", getattr(row, "severity", 0)), row.pk
