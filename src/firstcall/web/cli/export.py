"""Write what is prepared as a catalogue that 'firstcall apply' reads: to a file, or to the screen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from firstcall.web.cli.main import CannotRun, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to write; without it: to the screen")


def run(given: argparse.Namespace) -> int:
    start_django()
    from firstcall.ready.catalogs.write import write_catalog
    from firstcall.ready.models.schedule import Rotation
    from firstcall.ready.queries.catalog import catalog_items
    from firstcall.web.cli.migrate import refuse_other_schema

    refuse_other_schema()
    body = write_catalog(catalog_items())
    followed = Rotation.objects.filter(calendar__isnull=False, schedule__sample=False)
    for name in sorted(set(followed.values_list("schedule__name", flat=True))):
        print(f"firstcall: The layer of {name} that follows a calendar is not in the file.", file=sys.stderr)
    if not given.file:
        sys.stdout.write(body.decode())
        return 0
    try:
        Path(given.file).write_bytes(body)
    except OSError as error:
        raise CannotRun(f"{given.file} can't be written: {error.strerror}.") from None
    print(f"Written to {given.file}.")
    return 0
