"""A catalogue file becomes what is prepared: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.events import CATALOG_APPLIED
from firstcall.ready.models.customer import Contact
from firstcall.ready.models.flow import FlowPath
from firstcall.ready.models.path import EscalationStep
from firstcall.ready.models.schedule import Rotation
from firstcall.ready.queries.catalog import MODELS, catalog_items, ends_of, people
from firstcall.ready.queries.oncall import windows_of
from firstcall.ready.rules.catalog import BY_KIND, Change, Difference, Item, Problem, difference, missing

ENDS = {
    "from": {"flow": "flow", "component": "from_component"},
    "to": {"component": "component", "provider": "provider"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying `origin` would do, and what is wrong with it: with a problem it can't be applied."""

    origin: str
    difference: Difference
    problems: tuple[Problem, ...]


def plan_catalog(*, items: Sequence[Item], origin: str, adopt: bool = False) -> Plan:
    """Compare a file's rows with what is. Changes nothing; the number of statements doesn't grow with the rows."""
    origin = PurePath(origin).name[:120]
    there = catalog_items(samples=True)
    told = difference(items, there, origin=origin, adopt=adopt)
    known = {(item.kind, item.key) for item in there} | {("person", mail) for mail in people()}
    problems = [_unknown(*each) for each in missing(items, known)]
    for item, other in told.taken:
        whose = _("comes from {file}").format(file=other) if other else _("was made by hand")
        sentence = _("{kind} '{key}' {whose}: to take it over say --adopt, or adopt: true in the file.").format(
            kind=item.kind, key=item.key, whose=whose
        )
        problems.append(Problem(item.line, 1, BY_KIND[item.kind].key, sentence))
    problems += _followed(told)
    return Plan(origin, told, tuple(sorted(problems, key=lambda problem: problem.line)))


def _followed(told: Difference) -> list[Problem]:
    """Schedules that would lose the calendar they follow."""
    rows = Rotation.objects.filter(calendar__isnull=False).values_list("schedule__name", flat=True)
    words = _("'{key}' follows a calendar, which a file can't say: end that layer first, or leave it out of the file.")
    changed = {change.item.key: change.item for change in told.of("changed") if change.item.kind == "schedule"}
    return [
        Problem(changed[name].line, 1, "layers", words.format(key=name))
        for name in sorted(set(rows))
        if name in changed
    ]


def _unknown(item: Item, kind: str, key: str, name: str, near: str) -> Problem:
    if kind == "person":
        sentence = _("Nobody here has the mail address {key}: invite them first.").format(key=key)
    else:
        sentence = _("There is no {kind} '{key}', neither in the file nor here.").format(kind=kind, key=key)
    if near:
        sentence += " " + _("Did you mean '{near}'?").format(near=near)
    return Problem(item.lines.get(name, item.line), 1, name, sentence)


def apply_catalog(*, plan: Plan, by: Actor, now: dt.datetime, prune: bool = False) -> dict[str, int]:
    """Do what the plan says in one transaction; what is gone from the file is removed only with `prune`.

    How many rows were made, changed and removed. Raises Refused, and then nothing has changed.
    """
    if plan.problems:
        first = plan.problems[0]
        raise Refused(_("Line {line}: {words}").format(line=first.line, words=first.sentence), field=first.field)
    told = plan.difference
    gone = told.of("gone") if prune else []
    counts = {"made": len(told.of("made")), "changed": len(told.of("changed")), "removed": len(gone)}
    if not any(counts.values()):
        return counts
    writer = _Writer(plan.origin, by, now)
    try:
        with transaction.atomic():
            for change in told.changes:
                if change.what in ("made", "changed"):
                    writer.write(change)
            for change in reversed(gone):
                writer.remove(change.item)
            record(
                CATALOG_APPLIED,
                by=by,
                now=now,
                subject="catalog:0",
                file=plan.origin,
                **counts,
                rows=_rows(told, prune),
            )
    except ProtectedError as error:
        needed = ", ".join(sorted({str(row) for row in error.protected_objects}))[:200]
        raise Refused(
            _("Nothing was changed: {needed} still holds on to what the file left out.").format(needed=needed)
        ) from None
    except DatabaseError as error:
        raise Refused(
            _("Nothing was changed: the store refused it ({what}). Look at the difference again.").format(what=error)
        ) from None
    return counts


def _rows(told: Difference, prune: bool) -> list[str]:
    """The first two hundred rows that change, for the journal."""
    wanted = ("made", "changed", "gone") if prune else ("made", "changed")
    return [f"{c.what} {c.item.kind} {c.item.key}" for c in told.changes if c.what in wanted][:200]


@dataclass(slots=True)
class _Writer:
    """Writes rows, kinds that are named by others first; `ids` are the rows there are, by kind and key."""

    origin: str
    by: Actor
    now: dt.datetime
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=people)

    def __post_init__(self) -> None:
        for kind, model in MODELS.items():
            if kind == "dependency":
                rows = model.objects.select_related("flow", "from_component", "component", "provider")
                for row in rows:
                    start, end = (f"{type(one).__name__.lower()}:{one.slug}" for one in ends_of(row))
                    self.ids[kind, f"{start} > {end}"] = row.pk
            else:
                named = model.objects.values_list(BY_KIND[kind].key, "pk")
                self.ids.update({(kind, key): pk for key, pk in named})

    def write(self, change: Change) -> None:
        item = change.item
        if item.kind == "schedule":
            self._schedule(item)
            return
        model = MODELS[item.kind]
        pk = self.ids.get((item.kind, item.key))
        row = model() if pk is None else model.objects.get(pk=pk)
        later = []
        for one in BY_KIND[item.kind].fields:
            if one.name not in item.facts:
                continue
            value = item.facts[one.name]
            if one.form in ("crew", "refs", "rows"):
                later.append((one, value))
            elif one.form == "mail":
                setattr(row, f"{one.name}_id", self.users[value] if value else None)
            elif one.form == "ref":
                setattr(row, f"{one.name}_id", self.ids[one.of, value] if value else None)
            elif one.form == "node":
                kind, _colon, key = value.partition(":")
                setattr(row, f"{ENDS[one.name][kind]}_id", self.ids[kind, key])
            else:
                setattr(row, one.name, list(value) if isinstance(value, tuple) else value)
        row.origin = self.origin
        row.save()
        self.ids[item.kind, item.key] = row.pk
        for one, value in later:
            if change.what == "made" or one.name in {name for name, _old, _new in change.fields}:
                self._attach(row, one.name, value)

    def _attach(self, row: Any, name: str, value: Any) -> None:
        if name == "members":
            row.members.set([self.users[mail] for mail in value])
        elif name == "flows":
            row.flows.set([self.ids["flow", slug] for slug in value])
        elif name == "contacts":
            row.contacts.all().delete()
            Contact.objects.bulk_create([Contact(customer=row, **contact) for contact in value])
        elif name == "severity_paths":
            row.severity_paths.all().delete()
            FlowPath.objects.bulk_create(
                [FlowPath(flow=row, severity=one["severity"], path_id=self.ids["path", one["path"]]) for one in value]
            )
        else:
            row.steps.all().delete()
            EscalationStep.objects.bulk_create(
                [
                    EscalationStep(
                        path=row, order=order, wait_minutes=step["wait_minutes"],
                        schedule_id=self.ids["schedule", step["schedule"]] if step["schedule"] else None,
                        user_id=self.users[step["person"]] if step["person"] else None,
                    )
                    for order, step in enumerate(value)
                ]
            )  # fmt: skip

    def _schedule(self, item: Item) -> None:
        facts = item.facts
        pk = self.ids.get(("schedule", item.key))
        row = MODELS["schedule"].objects.get(pk=pk) if pk else None
        if row is not None:
            row.origin = self.origin
        owner = User.objects.get(pk=self.users[facts["owner"]]) if facts["owner"] else None
        team = Team.objects.get(pk=self.ids["team", facts["team"]]) if facts["team"] else None
        made = set_schedule(
            name=facts["name"], zone=facts["zone"], layers=[self._layer(layer) for layer in facts["layers"]],
            schedule=row, owner=owner, team=team, origin=self.origin, by=self.by, now=self.now,
        )  # fmt: skip
        for name in ("sketched", "confirm_by"):
            if name in facts:
                setattr(made, name, facts[name])
        made.save()
        self.ids["schedule", item.key] = made.pk

    def _layer(self, facts: dict[str, Any]) -> Layer:
        users = User.objects.in_bulk([self.users[mail] for mail in facts["members"]])
        until = facts["until"]
        return Layer(
            members=tuple(users[self.users[mail]] for mail in facts["members"]),
            handover=dt.time.fromisoformat(facts["handover"]), starts=dt.date.fromisoformat(facts["starts"]),
            length_days=facts["length_days"], length_hours=facts["length_hours"], name=facts["name"],
            zone=facts["zone"], until=dt.date.fromisoformat(until) if until else None,
            windows=windows_of(facts["windows"]),
        )  # fmt: skip

    def remove(self, item: Item) -> None:
        MODELS[item.kind].objects.filter(pk=self.ids[item.kind, item.key]).delete()
