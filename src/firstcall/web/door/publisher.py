"""Keeps the published pages true: renders at every commit that made a version, and confirms them by the clock."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, connection

from firstcall.inform.publish import render_due
from firstcall.journal.wake import Wakeup
from firstcall.kernel import clock

log = structlog.get_logger()

LOOK_EVERY = 5.0  # seconds between two looks when nothing wakes us
REST = 0.05  # seconds after a look: a flood of alerts must not make this a busy loop


def run(stop: threading.Event) -> None:
    """Render what is due until `stop` is set. A failure is said and tried again; the old files stay."""
    while not stop.is_set():
        try:
            with Wakeup() as wakeup:
                while not stop.is_set():
                    render_due(now=clock.now())
                    stop.wait(REST)
                    end = LOOK_EVERY
                    while end > 0 and not stop.is_set() and not wakeup.wait(0.25):
                        end -= 0.25
        except (DatabaseError, OSError) as error:
            log.error("publisher.failed", error=str(error))
            connection.close()
            stop.wait(1.0)
    connection.close()
