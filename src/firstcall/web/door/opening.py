"""Opening a live stream: the request's words, the permission, what was missed. Runs in a thread, never on the loop."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from django.db import DatabaseError, close_old_connections, connection

from firstcall.web.door.answer import Answer, json_answer, text_answer
from firstcall.web.door.follow import Gatekeeper, Pass, missed
from firstcall.web.door.live import topics_of

ONLY_GET = text_answer(405, "Live views are read with GET.\n", (b"allow", b"GET"))
SIGN_IN = json_answer(401, {"error": "Sign in first."})
NOTHING = json_answer(404, {"error": "There is nothing to follow here."})
LATER = json_answer(503, {"error": "The store does not answer. Try again."}, (b"retry-after", b"2"))


@dataclass(frozen=True, slots=True)
class Opening:
    """A permitted stream: what it follows, from which position, and what it missed until then."""

    topics: tuple[str, ...]
    pass_: Pass
    position: int
    pieces: list[bytes]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for. `path` is what follows `/live/`."""

    method: bytes
    path: str
    query: str
    cookies: str
    last_event_id: str


def after_of(wish: Wish) -> int | None:
    """The position the reader has: Last-Event-ID (sent on a reconnect) before `?after=`."""
    for text in (wish.last_event_id, parse_qs(wish.query).get("after", [""])[0]):
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    return None


def admit(gatekeeper: Gatekeeper, wish: Wish) -> Answer | Opening:
    """The stream, or the answer that refuses it: the same 404 for what may not be seen and what isn't there."""
    if wish.method != b"GET":
        return ONLY_GET
    topics = topics_of(unquote(wish.path))
    if topics is None:
        return NOTHING
    try:
        found = gatekeeper.admit(wish.cookies, topics)
        if found is None:
            return SIGN_IN
        if not isinstance(found, Pass):
            return NOTHING
        position, pieces = missed(topics, after=after_of(wish))
    except DatabaseError:
        connection.close()
        return LATER
    finally:
        close_old_connections()
    return Opening(topics, found, position, pieces)
