"""Keeping a sketch: what was chosen becomes rows that say of themselves that nobody has confirmed them yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.component import add_component, add_dependency, add_provider
from firstcall.ready.commands.flow import register_flow
from firstcall.ready.events import SKETCH_KEPT
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.sketch import Sketch, SketchFlow, kept_needs

Row = Flow | Component | Provider


def keep_sketch(*, sketch: Sketch, names: Mapping[str, str], by: Actor, now: dt.datetime) -> list[Row]:
    """Keep what `names` holds (key to name) and strike out the rest; what is there by that name already stays as it is.

    Returns the rows made. Raises Refused for a name that is empty or there twice, and when no flow is kept.
    """
    names = {key: name.strip()[:120] for key, name in names.items() if key in sketch.keys}
    _check(sketch, names)
    with transaction.atomic():
        rows: dict[str, Row] = {}
        made: list[Row] = []
        for model, keys in (
            (Flow, [one.key for one in sketch.flows]),
            (Component, [one.key for one in sketch.parts]),
            (Provider, [one.key for one in sketch.providers]),
        ):
            for key in keys:
                if key not in names:
                    continue
                there = model.objects.filter(name__iexact=names[key]).first()
                rows[key] = there or _make(model, sketch, key, names[key], by=by, now=now)
                if there is None:
                    made.append(rows[key])
        _join(sketch, rows, by=by, now=now)
        record(SKETCH_KEPT, by=by, now=now, subject=f"sketch:{sketch.key}", business=_(sketch.name), n=len(made))
    return made


def _check(sketch: Sketch, names: Mapping[str, str]) -> None:
    if not any(one.key in names for one in sketch.flows):
        raise Refused(_("Keep at least one flow: what do your users do that must not stop?"), field="flows")
    for rows in (sketch.flows, sketch.parts, sketch.providers):
        seen: set[str] = set()
        for row in rows:
            name = names.get(row.key)
            if name == "":
                sentence = _("Give “{name}” a name, or strike it out.").format(name=_(row.name))
                raise Refused(sentence, field=f"name-{row.key}")
            if name and name.lower() in seen:
                raise Refused(_("“{name}” is there twice.").format(name=name), field=f"name-{row.key}")
            seen.add((name or "").lower())


def _make(model: type[Row], sketch: Sketch, key: str, name: str, *, by: Actor, now: dt.datetime) -> Row:
    row: Row
    if model is Flow:
        row = _flow(next(one for one in sketch.flows if one.key == key), name, by=by, now=now)
    elif model is Component:
        row = add_component(name=name, by=by, now=now)
    else:
        row = add_provider(name=name, by=by, now=now)
    row.sketched, row.confirm_by = True, None  # whoever keeps a sketch has not said yet that it is so
    row.save(update_fields=["sketched", "confirm_by"])
    return row


def _flow(one: SketchFlow, name: str, *, by: Actor, now: dt.datetime) -> Flow:
    days, start, end = one.peak or ("", None, None)
    support = _("Listen for: {symptom} Say: {words}").format(symptom=_(one.symptom), words=_(one.say_customers))
    return register_flow(
        name=name, criticality=one.criticality, stops=_(one.stops), peak_days=days, peak_from=start, peak_to=end,
        words_customers=_(one.say_customers), words_support=support, by=by, now=now,
    )  # fmt: skip


def _join(sketch: Sketch, rows: Mapping[str, Row], *, by: Actor, now: dt.datetime) -> None:
    """The lines between what was kept; one that is drawn already stays as it is."""
    for key, other in kept_needs(sketch, rows.keys()):
        needs, needed = rows[key], rows[other]
        if isinstance(needs, Provider) or isinstance(needed, Flow):
            continue
        start = {"flow": needs} if isinstance(needs, Flow) else {"from_component": needs}
        end = {"component": needed} if isinstance(needed, Component) else {"provider": needed}
        if needs != needed and not Dependency.objects.filter(**start, **end).exists():
            add_dependency(needs=needs, needed=needed, by=by, now=now)
