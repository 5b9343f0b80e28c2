"""The watchdog: separate from the worker, it only reads, and says to the outside that pages leave in time.

The web process runs it. While no page is late and the worker is heard it pings FIRSTCALL_HEARTBEAT_URL; otherwise, or
when this process or the database is dead, the pings stop, and whoever watches from outside raises the alarm. Each round
it says that it lives, by which the worker sees that somebody still watches. When the worker falls silent no job of ours
leaves: so the auditor itself mails the admins, once, and every page says it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from firstcall.deliver.beat import beat, heard
from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.channels.mail.transport import MailChannel
from firstcall.deliver.commands.lease import Channel
from firstcall.deliver.kinds import Parcel
from firstcall.deliver.queries.clock import store_now
from firstcall.deliver.queries.health import LATE, oldest_due_page
from firstcall.deliver.rules.beat import SILENT, silent_since
from firstcall.deliver.transport import Transport, Unreachable

log = structlog.get_logger()

EVERY = 10.0  # seconds


@dataclass
class Alarm:
    """What the auditor of this process says of the worker. `told` are the addresses that were told."""

    admins: Callable[[], list[str]] = list
    mail: Channel = field(default_factory=MailChannel)
    watching_since: dt.datetime | None = None
    silent_since: dt.datetime | None = None
    told: set[str] = field(default_factory=set)

    def look(self, *, late: float | None, now: dt.datetime) -> None:
        """Judge the worker, and mail the admins who weren't told yet. `late`: seconds the oldest due page waits."""
        self.watching_since = self.watching_since or now
        last = heard("worker")
        if last is None:
            waits = late is not None and late > SILENT.total_seconds()
            since = now - dt.timedelta(seconds=late or 0) if waits else None
        else:
            since = silent_since(last, watching_since=self.watching_since, now=now)
        if since is None:
            self.told.clear()
        elif self.silent_since is None:
            log.error("worker.silent", since=since.isoformat())
        self.silent_since = since
        if since is not None:
            self._tell(since)

    def _tell(self, since: dt.datetime) -> None:
        for address in self.admins():
            if address in self.told:
                continue
            try:
                self.mail.send(_parcel(address, since))
            except Failed as error:
                log.error("alarm.not_sent", to=address, reason=error.reason)
            else:
                self.told.add(address)


def _parcel(address: str, since: dt.datetime) -> Parcel:
    return Parcel(
        "mail",
        to=address,
        key=f"worker-silent:{since.isoformat()}:{address}",
        subject=_("Firstcall pages nobody since {at}").format(at=f"{since:%H:%M} UTC"),
        text=_(
            "The worker of Firstcall is not heard since {at}. Until it runs again no page, mail or update leaves.\n\n"
            "Call people yourself. On the machine: firstcall doctor says what is wrong; starting ‘firstcall up’ or the "
            "worker's service again carries on where it stopped, and nothing is lost.\n{url}\n"
        ).format(at=f"{since:%H:%M} UTC", url=settings.BASE_URL),
    )


ALARM = Alarm()  # of this process: its pages show it


def silences(*, now: dt.datetime) -> dict[str, dt.datetime]:
    """Who is silent, and since when, for the strip on every page. Asks the store nothing."""
    found = {}
    if ALARM.silent_since is not None:
        found["worker"] = ALARM.silent_since
    last = heard("auditor")
    if last is not None and now - last > SILENT:
        found["auditor"] = last
    return found


def audit(transport: Transport, *, alarm: Alarm = ALARM) -> bool:
    """One round: True when pages leave in time (and the outside was told so, where an address is set)."""
    now = store_now()
    oldest = oldest_due_page(now=now)
    beat("auditor", now=now)
    alarm.look(late=oldest, now=now)
    if oldest is not None and oldest >= LATE.total_seconds():
        log.error("pages.late", seconds=oldest)
        return False
    if alarm.silent_since is not None:
        return False
    url = settings.ENV["FIRSTCALL_HEARTBEAT_URL"]
    if url:
        try:
            transport.ask("GET", url)
        except Unreachable as error:
            log.warning("heartbeat.not_heard", reason=str(error))
    return True


def run(stop: threading.Event, admins: Callable[[], list[str]] = list) -> None:
    """Audit every ten seconds until `stop` is set. `admins` says who hears by mail when the worker is silent."""
    ALARM.admins = admins
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
