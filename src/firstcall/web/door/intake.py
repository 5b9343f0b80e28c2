"""Signals coming in: who sends, what it says, and the answer after it is stored."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from firstcall.web.door.answer import Answer, json_answer, text_answer
from firstcall.web.door.committer import Arrival, Committer
from firstcall.web.door.keys import KeyOwner, Keys

MOST_BODY = 1024 * 1024
KEPT_OF_LARGE = 64 * 1024  # bytes of an oversized body that are kept, so that it still pages
PATH = re.compile(rb"/in/(?:(?P<key>fci_[A-Za-z0-9_-]{1,80})/)?(?P<source>[A-Za-z0-9._~-]{1,80})(?P<rest>/.*)?")
RESTS = ("", "/", "/api/v2/alerts", "/api/v2/alerts/")
CLOSE = (b"connection", b"close")

STORED = json_answer(202, {"status": "stored"})
ASKS_KEY = (b"www-authenticate", b'Bearer realm="intake"')
UNKNOWN = json_answer(401, {"error": "The key is missing or not known."}, ASKS_KEY)
ONLY_POST = text_answer(405, "Send signals with POST.\n", (b"allow", b"POST"))
NOWHERE = json_answer(404, {"error": "There is no intake at this path.", "field": "path"})
LATER = json_answer(503, {"error": "The signal could not be stored. Please send it again."}, (b"retry-after", b"5"))
SLOW = json_answer(408, {"error": "The signal did not arrive within 10 seconds.", "field": "body"}, CLOSE)

Done = Callable[[Answer], None]


class Unread(NamedTuple):
    """Why a body can't be read: the sentence, the field it is about, the HTTP status."""

    sentence: str
    field: str
    status: int = 422


class Signal(NamedTuple):
    """One request. `whole` is False when the body went over the limit and only its beginning was kept."""

    method: bytes
    path: bytes
    authorization: bytes | None
    encoding: bytes | None
    body: bytes
    whole: bool = True


def key_in(authorization: bytes | None) -> str | None:
    """The key of a Bearer or Basic header: for Basic it may stand as name or as password."""
    if not authorization:
        return None
    scheme, _space, rest = authorization.partition(b" ")
    text = rest.strip()
    if scheme.lower() == b"basic":
        try:
            name, _colon, password = base64.b64decode(text, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return None
        text = password if password.startswith(b"fci_") else name
    elif scheme.lower() != b"bearer":
        return None
    return text.decode("latin-1") if text.startswith(b"fci_") else None


class Intake:
    """`read(kind, body)` returns None when the body is readable, else why not."""

    def __init__(
        self,
        keys: Keys,
        committer: Committer,
        *,
        read: Callable[[str, bytes], Unread | None],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._keys = keys
        self._committer = committer
        self._read = read
        self._now = now

    def handle(self, signal: Signal, done: Done) -> None:
        """Answer through `done`, on the loop; a 202 only after the commit."""
        found = PATH.fullmatch(signal.path)
        if found is None or (found["rest"] or b"").decode("latin-1") not in RESTS:
            return done(NOWHERE)
        if signal.method != b"POST":
            return done(ONLY_POST)
        path_key = found["key"]
        key = path_key.decode() if path_key is not None else key_in(signal.authorization)
        if key is None:
            return done(UNKNOWN)
        owner = self._keys.find(key)
        if owner is not None:
            return self._accept(owner, signal, done)

        def told(owner: KeyOwner | None, answered: bool) -> None:
            if owner is not None:
                self._accept(owner, signal, done)
            else:
                done(UNKNOWN if answered else LATER)

        return self._keys.ask(key, told)

    def _accept(self, owner: KeyOwner, signal: Signal, done: Done) -> None:
        unread, body = self._judge(owner, signal)
        answer = STORED
        if unread is not None:
            close = () if signal.whole else (CLOSE,)
            answer = json_answer(unread.status, {"error": unread.sentence, "field": unread.field}, *close)
        arrival = Arrival(
            owner.source, owner.kind, self._now(), body, unread.sentence if unread else "",
            lambda stored: done(answer if stored else LATER),
        )  # fmt: skip
        if not self._committer.put(arrival):
            done(LATER)

    def _judge(self, owner: KeyOwner, signal: Signal) -> tuple[Unread | None, bytes]:
        if not signal.whole:
            return Unread(_("The signal is larger than 1 MB."), "body", 413), signal.body[:KEPT_OF_LARGE]
        if signal.encoding not in (None, b"", b"identity"):
            return Unread(_("The signal is packed; send it as plain JSON."), "Content-Encoding", 400), signal.body
        return self._read(owner.kind, signal.body), signal.body
