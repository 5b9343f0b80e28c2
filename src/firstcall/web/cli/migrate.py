"""Bring the database to this version, after a backup."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firstcall.web.cli.main import CannotRun, start_django

KEEP = 5  # backups
LOCK = 0x66697273  # of pg_advisory_lock: two nodes never migrate at once


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report-fd", type=int, default=None, help=argparse.SUPPRESS)


def run(given: argparse.Namespace) -> int:
    start_django()
    from firstcall.kernel import clock

    count = bring_up(now=clock.now())
    if given.report_fd is not None:
        with os.fdopen(given.report_fd, "w") as report:
            json.dump({"setup": setup_path()}, report)
    elif count:
        print(f"{count} migrations applied.")
    else:
        print("The database is up to date.")
    return 0


def setup_path() -> str:
    """The path of a fresh one-time set-up link, '' once an account exists."""
    from firstcall.kernel import clock
    from firstcall.people.commands.setup import new_setup_link

    return new_setup_link(now=clock.now()) or ""


def _loader() -> Any:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connection)


def newer_than_code() -> list[str]:
    """Applied migrations of our own rooms that this version doesn't know."""
    from django.apps import apps

    loader = _loader()
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("firstcall.")}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in unknown if app in ours)


def unapplied() -> int:
    """How many migrations are still to be applied."""
    loader = _loader()
    return len(set(loader.graph.nodes) - set(loader.applied_migrations))


def refuse_other_schema() -> None:
    """Raises CannotRun when the database belongs to another version than the code."""
    from django.db import DatabaseError

    try:
        newer, missing = newer_than_code(), unapplied()
    except DatabaseError as error:
        raise CannotRun(f"The database can't be opened: {error}") from None
    if newer:
        raise CannotRun(
            f"This database was written by a newer version of Firstcall ({newer[0]}). "
            "Install that version, or restore a backup made by this one."
        )
    if missing:
        raise CannotRun("The database is not up to date. Run 'firstcall migrate' first.")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def bring_up(*, now: dt.datetime) -> int:
    """Back up and migrate when there is something to migrate; how many migrations were applied."""
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        with _one_at_a_time():
            newer = newer_than_code()
            if newer:
                raise CannotRun(
                    f"This database was written by a newer version of Firstcall ({newer[0]}). "
                    "Install that version, or restore a backup made by this one."
                )
            missing = unapplied()
            if missing:
                if _loader().applied_migrations:
                    back_up(now=now)
                call_command("migrate", verbosity=0, interactive=False)
            return missing
    except DatabaseError as error:
        raise CannotRun(f"The database could not be brought up to date: {error}") from None


def back_up(*, now: dt.datetime) -> Path | None:
    """A copy in `<data>/backups`; the last five stay. None where pg_dump is missing, which is said."""
    from django.conf import settings
    from django.db import connection

    folder = Path(settings.DATA) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    if connection.vendor == "sqlite":
        target = folder / f"{stamp}.sqlite3"
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
        finally:
            copy.close()
    else:
        program = shutil.which("pg_dump")
        if program is None:
            print("No backup was made: pg_dump is not on this machine.", flush=True)
            return None
        target = folder / f"{stamp}.dump"
        facts = connection.settings_dict
        known = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        extra = {name: str(facts[key]) for name, key in known.items() if facts.get(key)}
        made = subprocess.run(  # noqa: S603
            [program, "--format=custom", f"--file={target}"], env={**os.environ, **extra}, check=False
        )
        if made.returncode != 0:
            target.unlink(missing_ok=True)
            raise CannotRun("The backup failed, nothing was changed.")
    target.chmod(0o600)
    for old in sorted(folder.glob("*Z.*"))[:-KEEP]:
        old.unlink()
    return target
