"""The watchdog: separate from the worker, it only reads, and says to the outside that pages leave in time.

The web process runs it. While no page is late it pings FIRSTCALL_HEARTBEAT_URL; when pages are late, or this process
or the database is dead, the pings stop, and whoever watches from outside raises the alarm. Each round it touches
`<data>/auditor.beat`, by which the worker sees that somebody still watches.
"""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from firstcall.deliver.queries.clock import store_now
from firstcall.deliver.queries.health import LATE, oldest_due_page
from firstcall.deliver.transport import Transport, Unreachable

log = structlog.get_logger()

EVERY = 10.0  # seconds
SILENT = dt.timedelta(seconds=60)


def beat_file() -> Path:
    """What the auditor touches each round."""
    return Path(settings.DATA) / "auditor.beat"


def silent_since(*, now: dt.datetime) -> dt.datetime | None:
    """When the auditor of this data folder was last heard, if that is over a minute ago; None while it is well."""
    try:
        heard = dt.datetime.fromtimestamp(beat_file().stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None
    return heard if now - heard > SILENT else None


def audit(transport: Transport) -> bool:
    """One round: True when pages leave in time (and the outside was told so, where an address is set)."""
    oldest = oldest_due_page(now=store_now())
    beat_file().touch()
    if oldest is not None and oldest >= LATE.total_seconds():
        log.error("pages.late", seconds=oldest)
        return False
    url = settings.ENV["FIRSTCALL_HEARTBEAT_URL"]
    if url:
        try:
            transport.ask("GET", url)
        except Unreachable as error:
            log.warning("heartbeat.not_heard", reason=str(error))
    return True


def run(stop: threading.Event) -> None:
    """Audit every ten seconds until `stop` is set."""
    transport = Transport(connections=1)
    while not stop.is_set():
        try:
            audit(transport)
        except DatabaseError as error:
            log.error("auditor.store_failed", error=str(error))
            connection.close()
        stop.wait(EVERY)
    connection.close()
    transport.close()
