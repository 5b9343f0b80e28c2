"""A catalogue file becomes what is prepared: all of it or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.catalog_row import RowWriter, hold
from firstcall.ready.events import CATALOG_APPLIED
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationStep
from firstcall.ready.models.schedule import Rotation
from firstcall.ready.queries.catalog import catalog_items, people
from firstcall.ready.rules.catalog import BY_KIND, Change, Difference, Item, Problem, difference, missing


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying `origin` would do, and what is wrong with it: with a problem it can't be applied.

    `there` is what it was made on, by kind and key.
    """

    origin: str
    difference: Difference
    problems: tuple[Problem, ...]
    there: Mapping[tuple[str, str], Item]

    def touched(self) -> Iterator[Item]:
        """What is there of the rows it tells of, as it was when it was made."""
        keys = ((change.item.kind, change.item.key) for change in self.difference.changes)
        return (self.there[key] for key in keys if key in self.there)

    @property
    def mark(self) -> str:
        """The same for the same difference: who has seen one can tell whether it still is that one."""
        return hashlib.sha256(repr(self.difference.changes).encode()).hexdigest()


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
    known_items = {(item.kind, item.key): item for item in there}
    return Plan(origin, told, tuple(sorted(problems, key=lambda problem: problem.line)), known_items)


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

    How many rows were made, changed and removed. Raises Refused, and then nothing has changed: also when anything the
    plan tells of is no longer as it was. Within the transaction that is read again and rows are written in bulk; all
    that takes thought was done before, so that who writes meanwhile hardly waits.
    """
    if plan.problems:
        first = plan.problems[0]
        raise Refused(_("Line {line}: {words}").format(line=first.line, words=first.sentence), field=first.field)
    told = plan.difference
    gone = told.of("gone") if prune else []
    written = [change for change in told.changes if change.what in ("made", "changed")]
    counts = {"made": len(told.of("made")), "changed": len(told.of("changed")), "removed": len(gone)}
    if not any(counts.values()):
        return counts
    try:
        with transaction.atomic():
            hold(plan.touched())
            there = {(item.kind, item.key): item for item in catalog_items(samples=True)}
            _refuse_other(plan, there)
            _refuse_named(gone)
            writer = RowWriter(plan.origin, there, people(), now)
            writer.write(written)
            writer.remove([change.item for change in gone])
            record(
                CATALOG_APPLIED, by=by, now=now, subject="catalog:0", file=plan.origin, **counts,
                rows=_rows(told, prune),
            )  # fmt: skip
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


def _refuse_other(plan: Plan, there: Mapping[tuple[str, str], Item]) -> None:
    """Raise Refused when a row of the plan is not what it was when the plan was made."""
    for change in plan.difference.changes:
        key = change.item.kind, change.item.key
        if there.get(key) != plan.there.get(key):
            raise Refused(
                _("Nothing was changed: {kind} '{key}' is no longer what it was. Look at the difference again.").format(
                    kind=change.item.kind, key=change.item.key
                )
            )


def _refuse_named(gone: Sequence[Change]) -> None:
    """Raise Refused when a path that stays would lose a step or a lane."""
    schedules = [change.item.id for change in gone if change.item.kind == "schedule"]
    paths = [change.item.id for change in gone if change.item.kind == "path"]
    for model in (EscalationStep, Lane):
        named = model._default_manager.filter(schedule__in=schedules).exclude(path__in=paths).order_by("path__name")
        for row in named.select_related("path", "schedule")[:1]:
            raise Refused(
                _("Nothing was changed: {path} still names {schedule}.").format(path=row.path, schedule=row.schedule)
            )


def _rows(told: Difference, prune: bool) -> list[str]:
    """The first two hundred rows that change, for the journal."""
    wanted = ("made", "changed", "gone") if prune else ("made", "changed")
    return [f"{c.what} {c.item.kind} {c.item.key}" for c in told.changes if c.what in wanted][:200]
