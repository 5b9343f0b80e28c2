"""Copy the database while it runs, into the folder `backups` of the data folder; the last five copies stay."""

from __future__ import annotations

import argparse

from firstcall.web.cli.main import CannotRun, start_django


def run(_given: argparse.Namespace) -> int:
    start_django()
    from firstcall.kernel import clock
    from firstcall.web.cli.migrate import back_up, refuse_other_schema

    refuse_other_schema()
    made = back_up(now=clock.now())
    if made is None:
        raise CannotRun("Install pg_dump of the server's version: on Debian, apt install postgresql-client.")
    print(made)
    return 0
