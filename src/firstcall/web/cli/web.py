"""Serve pages, intake, status pages and live views on one port."""

from __future__ import annotations

import argparse
import os
import sys

from firstcall.web.cli.main import CannotRun, start_django
from firstcall.web.environment import read_environment


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report-fd", type=int, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--arrival", type=float, default=10.0, help="seconds a request may take to arrive")
    parser.add_argument("--plain", action="store_true", help="answer everything as plain ASGI, without the fast path")


def run(given: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from firstcall.web.cli.migrate import refuse_other_schema
    from firstcall.web.door.parts import Parts
    from firstcall.web.door.server import PortTaken, bind, serve

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    from firstcall.web.wsgi import application

    refuse_other_schema()
    environment = read_environment()
    try:
        listener = bind(environment["FIRSTCALL_HOST"], environment["FIRSTCALL_PORT"])
    except PortTaken as error:
        raise CannotRun(str(error)) from None
    port = listener.getsockname()[1]
    if given.report_fd is None:
        print(f"Listening on {environment['FIRSTCALL_HOST']} port {port}.", flush=True)
    else:
        with os.fdopen(given.report_fd, "w") as report:
            report.write(f"{port}\n")
    serve(Parts(application, arrival=given.arrival), listener, fast=not given.plain)
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread may still hang in a request that nobody waits for; what counts is committed.
    os._exit(0)
