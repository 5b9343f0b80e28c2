"""Make what is prepared what a file says: shows the difference, all or nothing; exit code 1 when the file is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firstcall.web.cli.main import CannotRun, start_django

if TYPE_CHECKING:
    from firstcall.ready.rules.catalog import Difference, Problem

WRONG = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a catalogue (YAML), or what --from says")
    parser.add_argument("--from", dest="form", choices=("catalog", "backstage", "graph"), default="catalog")
    parser.add_argument("--graph", default="", help="which graph of a file that holds several")
    parser.add_argument("--dry-run", action="store_true", help="show the difference, change nothing")
    parser.add_argument("--adopt", action="store_true", help="take over rows made by hand or by another file")
    parser.add_argument("--prune", action="store_true", help="remove what this file once brought and no longer names")


def run(given: argparse.Namespace) -> int:
    start_django()
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE
    from firstcall.kernel.refusal import Refused
    from firstcall.ready.catalogs.form import read_any
    from firstcall.ready.commands.catalog import apply_catalog, plan_catalog
    from firstcall.web.cli.migrate import refuse_other_schema

    refuse_other_schema()
    try:
        body = Path(given.file).read_bytes()
    except OSError as error:
        raise CannotRun(f"{given.file} can't be read: {error.strerror}.") from None
    items, adopt, problems = read_any(body, form=given.form, graph=given.graph)
    if problems:
        return wrong(given.file, problems)
    plan = plan_catalog(items=items, origin=given.file, adopt=adopt or given.adopt)
    if plan.problems:
        return wrong(given.file, plan.problems)
    show(plan.difference, prune=given.prune)
    if given.dry_run:
        print("Nothing was changed.")
        return 0
    try:
        counts = apply_catalog(plan=plan, by=MACHINE, now=clock.now(), prune=given.prune)
    except Refused as refused:
        raise CannotRun(refused.sentence) from None
    print(f"{counts['made']} made, {counts['changed']} changed, {counts['removed']} removed.")
    return 0


def wrong(file: str, problems: Any) -> int:
    """Every problem with its line; the exit code."""
    one: Problem
    for one in problems:
        name = f"{one.field}: " if one.field else ""
        print(f"{file}:{one.line}:{one.column}: {name}{one.sentence}", file=sys.stderr)
    print(f"{len(problems)} to mend; nothing was changed.", file=sys.stderr)
    return WRONG


def show(told: Difference, *, prune: bool) -> None:
    """The difference, one row a line and its fields below."""
    for change in told.changes:
        sign = {"made": "+", "changed": "~", "gone": "-" if prune else "?"}.get(change.what)
        if sign is None:
            continue
        more = (
            " (taken over)" if change.adopted else " (no longer in the file: --prune removes it)" if sign == "?" else ""
        )
        print(f"{sign} {change.item.kind} {change.item.key}{more}")
        for name, old, new in change.fields:
            print(f"    {name}: {shown(old)} -> {shown(new)}")


def shown(value: Any) -> str:
    """A value in one short line."""
    text = "nothing" if value in ("", None, ()) else repr(value) if not isinstance(value, str) else value
    text = " / ".join(text.splitlines())
    return text if len(text) <= 100 else text[:99] + "…"
