"""The worker watches the auditor that watches it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from firstcall.deliver.beat import heard
from firstcall.deliver.commands.lapse import begin_lapse, end_lapse
from firstcall.deliver.kinds import manages
from firstcall.deliver.rules.beat import silent_since


class Watch:
    """What this worker knows: since when it watches, and whether it has said that the auditor is silent.

    The store is asked only when that changes, and once at the start: the worker before may have said so.
    """

    def __init__(self) -> None:
        self.since: dt.datetime | None = None
        self.silent: bool | None = None

    def look(self, *, now: dt.datetime) -> None:
        """One round; the same answer twice says nothing again."""
        self.since = self.since or now
        since = silent_since(heard("auditor"), watching_since=self.since, now=now)
        if since is not None and self.silent is not True:
            begin_lapse(node=_node(), since=since, now=now)
            self.silent = True
        elif since is None and self.silent is not False and _heard_lately(now):
            end_lapse(node=_node(), now=now)
            self.silent = False


def _heard_lately(now: dt.datetime) -> bool:
    """Not only 'not yet silent long enough to judge'."""
    last = heard("auditor")
    return last is not None and silent_since(last, watching_since=last, now=now) is None


def _node() -> str:
    name = Path(settings.DATA) / "node.id"
    return name.read_text().strip() if name.exists() else "here"


_WATCH = Watch()


@manages("deliver.watch", lane="upkeep", every=10.0)
def watch(*, now: dt.datetime) -> int:
    """Never more to do at once."""
    _WATCH.look(now=now)
    return 0
