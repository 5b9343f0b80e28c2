"""Carry the jobs: pages, updates, mail, timers, upkeep."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from firstcall.web.cli.main import CannotRun, start_django


def run(_given: argparse.Namespace) -> int:
    start_django()
    from firstcall.deliver import worker
    from firstcall.kernel.refusal import Refused
    from firstcall.web.cli.migrate import refuse_other_schema
    from firstcall.web.sqlite.checkpoint import REST, Keeper

    refuse_other_schema()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keeper = Keeper(above=REST)
    keeper.start()
    try:
        worker.run(stop)
    except Refused as error:
        raise CannotRun(error.sentence) from None
    finally:
        keeper.stop()
    sys.stdout.flush()
    return 0
