"""Asking another system, patiently: a few requests at a time, and never the same one twice.

What was answered is kept between the rounds, so a round that stops (its time is over, or we are asked to wait) goes on
where it stopped. Requests go to the one address that was given and nowhere else, whatever an answer says.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from firstcall.deliver.transport import Answer, Unreachable
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _

LIMIT = 5 * 1024 * 1024  # bytes of one answer
MOST_BYTES = 40 * 1024 * 1024  # of all answers
MOST_REQUESTS = 3000
ROUND = 8.0  # seconds of asking, then others have their turn
PATIENT = dt.timedelta(minutes=15)  # the longest wait we are ready for
AGAIN = dt.timedelta(seconds=20)  # after a fault of theirs
Door = Callable[..., Answer]


class Later(Exception):
    """This round is over: go on after `wait`. `why` is set when something went wrong."""

    def __init__(self, wait: dt.timedelta, why: Say | None = None) -> None:
        super().__init__(str(wait))
        self.wait, self.why = wait, why


class Failed(Exception):
    """It can't be read; `why` says what was asked and what came."""

    def __init__(self, why: Say) -> None:
        super().__init__(why.text)
        self.why = why


class Asking:
    """`door` is Transport.ask; `answers` are from a path to its answer, of `size` bytes in all, and grow."""

    def __init__(
        self, door: Door, address: str, headers: Mapping[str, str], answers: dict[str, Any], *, size: int = 0
    ) -> None:
        self._size = size
        self._door, self._address, self.answers = door, address.rstrip("/"), answers
        self._headers = {"user-agent": "Firstcall", "accept": "application/json", **headers}
        self._ends = time.monotonic() + ROUND
        self.unread: list[str] = []

    def one(self, path: str, *, may_fail: bool = False) -> dict[str, Any]:
        """The object answered at `path`. With `may_fail` one that is not shown to us is empty, and noted as unread.

        Raises Later or Failed.
        """
        if path not in self.answers:
            self.answers[path] = self._ask(path, may_fail=may_fail)
        if self.answers[path] is None:
            self.unread.append(path.partition("?")[0].rpartition("/")[2])
        return self.answers[path] or {}

    def rows(self, page: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
        """The objects of a list in an answer; what is no object is passed over, for it has no number to ask by."""
        rows = page.get(name)
        return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else iter(())

    def part(self, value: object) -> str:
        """Something of an answer as one part of a path."""
        return quote(str(value), safe="")

    def within(self, link: object) -> str:
        """The path of a link to the next page, below our address; '' for none."""
        if not isinstance(link, str) or not link:
            return ""
        parts = urlsplit(link)
        base = urlsplit(self._address).path
        path = parts.path.removeprefix(base) if base else parts.path
        return (path if path.startswith("/") else f"/{path}") + (f"?{parts.query}" if parts.query else "")

    def _ask(self, path: str, *, may_fail: bool) -> dict[str, Any] | None:
        if time.monotonic() > self._ends:
            raise Later(dt.timedelta(0))
        if len(self.answers) >= MOST_REQUESTS:
            raise Failed(say(_("There is more than we read in one go ({n} requests)."), n=MOST_REQUESTS))
        try:
            answer = self._door("GET", self._address + path, headers=self._headers, limit=LIMIT)
        except Unreachable as why:
            if why.for_good:
                raise Failed(say(_("Asked {address}: {why}"), address=self._address, why=str(why))) from None
            raise Later(AGAIN, say(_("Asked {address}: {why}"), address=self._address, why=str(why))) from None
        if answer.status in (402, 403, 404) and may_fail:
            return None
        self._check(path, answer)
        self._size += len(answer.body)
        if self._size > MOST_BYTES:
            raise Failed(say(_("There is more than we read in one go ({n} MB)."), n=MOST_BYTES // 2**20))
        try:
            found = msgspec.json.decode(answer.body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            found = None
        if not isinstance(found, dict):
            raise Failed(say(_("Asked {path}: the answer is not what we know from it."), path=path))
        return found

    def _check(self, path: str, answer: Answer) -> None:
        """Raise Later or Failed for whatever is no good answer."""
        if answer.status in (401, 403):
            raise Failed(say(_("It refused the key ({n}). Give one that may read everything."), n=answer.status))
        if answer.status == 429 or answer.status >= 500:
            wait = answer.headers.get("retry-after", "") or answer.headers.get("ratelimit-reset", "")
            seconds = int(wait) if wait.isdecimal() and len(wait) < 6 else int(AGAIN.total_seconds())
            why = say(_("Asked {path}: it answered {n}."), path=path, n=answer.status)
            if answer.status == 429:
                why = say(_("It asks us to wait."))
            if dt.timedelta(seconds=seconds) > PATIENT:
                raise Failed(say(_("It asks us to wait {n} seconds: begin again later."), n=seconds))
            raise Later(dt.timedelta(seconds=max(1, seconds)), why)
        if answer.status != 200:
            raise Failed(say(_("Asked {path}: it answered {n}."), path=path, n=answer.status))
        if answer.cut:
            raise Failed(say(_("Asked {path}: the answer is larger than 5 MB."), path=path))
