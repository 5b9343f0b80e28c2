"""Keeps the published pages true: renders at every commit that made a version, and confirms them by the clock."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import DatabaseError, connection

from firstcall.inform.models.status_page import PageVersion
from firstcall.inform.publish import render_due
from firstcall.journal.wake import Wakeup
from firstcall.kernel import clock

log = structlog.get_logger()

LOOK_EVERY = 5.0  # seconds between two looks when nothing wakes us
REST = 0.05  # seconds after a look: a flood of alerts must not make this a busy loop


def newest_version() -> int:
    """The number of the last version of any page; most commits make none. One statement."""
    return PageVersion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def run(stop: threading.Event) -> None:
    """Render what is due until `stop` is set. A failure is said and tried again; the old files stay."""
    while not stop.is_set():
        try:
            with Wakeup() as wakeup:
                while not stop.is_set():
                    seen = newest_version()
                    render_due(now=clock.now())
                    end = time.monotonic() + LOOK_EVERY
                    while time.monotonic() < end and not stop.is_set():
                        if wakeup.wait(0.25) and newest_version() != seen:
                            break
                        stop.wait(REST)
        except (DatabaseError, OSError) as error:
            log.error("publisher.failed", error=str(error))
            connection.close()
            stop.wait(1.0)
    connection.close()
