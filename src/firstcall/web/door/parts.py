"""The door's parts put together, with the rooms they ask."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from firstcall.deliver import auditor
from firstcall.deliver.queries.health import oldest_due_page
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import SourceKey
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.kernel import clock
from firstcall.people.models.user import Access
from firstcall.people.queries.people import active_people
from firstcall.web.door import publisher
from firstcall.web.door.app import Door
from firstcall.web.door.committer import Committer
from firstcall.web.door.django import Django
from firstcall.web.door.follow import Gatekeeper, MayFollow
from firstcall.web.door.health import Health
from firstcall.web.door.intake import Intake, Unread
from firstcall.web.door.keys import KeyOwner, Keys
from firstcall.web.door.live import Hub
from firstcall.web.door.news import NewsThread
from firstcall.web.door.permission import may_follow
from firstcall.web.door.protocol import ARRIVAL
from firstcall.web.door.status import Pages
from firstcall.web.sqlite.checkpoint import Keeper

log = structlog.get_logger()


@cache
def decoder(kind: str) -> Callable[[bytes], Any]:
    """The `decode` of a source's kind, from `detect/sources/<kind>`."""
    decode: Callable[[bytes], Any] = importlib.import_module(f"firstcall.detect.sources.{kind}").decode
    return decode


def read(kind: str, body: bytes) -> Unread | None:
    """Why a body can't be read; None when it can. A bug in a decoder counts as unreadable: the signal still pages."""
    try:
        decoder(kind)(body)
    except Unreadable as error:
        return Unread(error.sentence, error.field or "body", 422 if error.field else 400)
    except Exception as error:
        log.error("intake.decoder_failed", kind=kind, error=type(error).__name__)
        return Unread(_("This signal can't be read."), "body", 422)
    return None


def living_keys() -> dict[str, KeyOwner]:
    """Every key that is alive now, by its digest. One statement."""
    now = clock.now()
    alive = SourceKey.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        Q(source__ended_at__isnull=True) | Q(source__ended_at__gt=now),
    )
    rows = alive.values_list("digest", "source_id", "source__kind")
    return {digest: KeyOwner(source, kind) for digest, source, kind in rows}


def admin_addresses() -> list[str]:
    """Where the auditor writes to when the worker is silent. One statement."""
    return [user.email for user in active_people() if user.access == Access.ADMIN]


class Parts:
    """Everything the web process runs: made once, started on its loop, stopped at its end."""

    def __init__(self, wsgi: Any, *, permission: MayFollow = may_follow, arrival: float = ARRIVAL) -> None:
        self.hub = Hub()
        gatekeeper = Gatekeeper(permission, now=clock.now)
        self.keeper = Keeper()
        self.keys = Keys(living_keys, self.hub.call)
        self.committer = Committer(Inbox, self.hub.call, self.keeper.wrote)
        self.news = NewsThread(self.hub, gatekeeper)
        self._ended = threading.Event()
        self.auditor = threading.Thread(
            target=auditor.run, args=(self._ended, admin_addresses), name="auditor", daemon=True
        )
        self.publisher = threading.Thread(target=publisher.run, args=(self._ended,), name="publisher", daemon=True)
        self.django = Django(wsgi, arrival=arrival)
        self.door = Door(
            django=self.django,
            pages=Pages(Path(settings.DATA) / "pages" / "public"),
            intake=Intake(self.keys, self.committer, read=read, now=clock.now),
            hub=self.hub,
            gatekeeper=gatekeeper,
            health=Health(oldest_due_page, now=clock.now),
            proxies=settings.ENV["FIRSTCALL_TRUSTED_PROXIES"],
            arrival=arrival,
        )

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.hub.start(loop)
        for thread in (self.keeper, self.keys, self.committer, self.news, self.auditor, self.publisher):
            thread.start()

    def goodbye(self) -> None:
        """The first thing at the end: every live view is told and closed."""
        self.hub.goodbye()

    def stop(self) -> None:
        """The last thing, after the requests under way: write what came in, end the threads."""
        self._ended.set()
        for part in (self.committer, self.keys, self.news, self.keeper):
            part.stop()
        self.django.close()
        self.door.askers.shutdown(wait=False, cancel_futures=True)
        self.committer.join(1.0)
