"""Who may follow a live stream: asked at opening, and again while it is open."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from firstcall.journal.kinds import KINDS
from firstcall.journal.models.entry import Position
from firstcall.journal.queries.entry import news_after, position_of_news
from firstcall.people.models.session import Session
from firstcall.people.models.user import User
from firstcall.web.door.live import News, encode, pieces

SLICE = 500
KEPT = 2.0  # seconds a sign-in found once counts for further streams that open
MOST_KEPT = 1000
Mark = tuple[Any, ...]
Key = tuple[str, tuple[str, ...]]  # a session and the topics it follows in one stream


@dataclass(slots=True, eq=False)
class Pass:
    """By whom and in which session a stream was opened. `mark` is what both looked like when last asked."""

    session: str
    user: User
    mark: Mark


class MayFollow(Protocol):
    def __call__(self, user: User, topic: str) -> bool: ...


def signed_in(user: User, topic: str) -> bool:
    """Whoever is signed in may follow what has no subject."""
    return user.is_active and (topic == "now" or ":" not in topic)


def user_of(session_key: str) -> User | None:
    """The active account of a session, by Django's own rules (expiry, password change)."""
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None


def session_of(cookies: str) -> str:
    """The session key in a Cookie header, '' when there is none."""
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def marks(sessions: Sequence[str], users: Sequence[int], *, now: dt.datetime) -> tuple[dict[str, str], dict[int, Mark]]:
    """What sessions and accounts look like now: a difference means that the permission is asked again."""
    alive = dict(
        Session.objects.filter(session_key__in=sessions, expire_date__gt=now).values_list("session_key", "session_data")
    )
    accounts = User.objects.filter(pk__in=users).values_list("pk", "is_active", "password", "access")
    return alive, {row[0]: row for row in accounts}


class Gatekeeper:
    """Asks for permission. Called from the admission threads and from the news thread, never on the loop."""

    def __init__(self, may_follow: MayFollow, *, now: Callable[[], dt.datetime]) -> None:
        self._may_follow = may_follow
        self._now = now
        self._kept: dict[str, tuple[float, Pass]] = {}

    def admit(self, cookies: str, topics: tuple[str, ...]) -> Pass | bool | None:
        """A pass; None for who isn't signed in; False for who may not follow one of the topics."""
        key = session_of(cookies)
        if not key:
            return None
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < KEPT:
            found = kept[1]
        else:
            fresh = self._pass(key)
            if fresh is None:
                return None
            found = fresh
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (time.monotonic(), found)
        return found if all(self._may_follow(found.user, topic) for topic in topics) else False

    def _pass(self, key: str) -> Pass | None:
        user = user_of(key)
        if user is None:
            return None
        alive, people = marks([key], [user.pk], now=self._now())
        return Pass(key, user, (alive.get(key), people.get(user.pk)))

    def forget(self) -> None:
        """Sign-ins found before count no more for streams that open."""
        self._kept.clear()

    def ended(self, asked: Iterable[tuple[Pass, tuple[str, ...]]], *, all_again: bool) -> set[Key]:
        """Those that may follow no longer. Two statements for 500, more only where something changed."""
        passes: dict[Key, list[Pass]] = {}
        for one, topics in asked:
            passes.setdefault((one.session, topics), []).append(one)
        keys, over = list(passes), set()
        for start in range(0, len(keys), SLICE):
            part = keys[start : start + SLICE]
            people = list({passes[key][0].user.pk for key in part})
            alive, accounts = marks([session for session, _ in part], people, now=self._now())
            for key in part:
                mark = (alive.get(key[0]), accounts.get(passes[key][0].user.pk))
                if not all_again and all(one.mark == mark for one in passes[key]):
                    continue
                if not self._still(key, passes[key][0]):
                    over.add(key)
                for one in passes[key]:
                    one.mark = mark
        return over

    def _still(self, key: Key, before: Pass) -> bool:
        session, topics = key
        self._kept.pop(session, None)
        user = user_of(session)
        return user is not None and user.pk == before.user.pk and all(self._may_follow(user, t) for t in topics)


def as_news(place: Position) -> News:
    """What the streams say of a journal entry."""
    entry = place.entry
    kind = KINDS.get(entry.kind)
    regions = kind.regions if kind is not None else ()
    topics = [entry.subject]
    if entry.incident is not None:
        topics.append(f"incident:{entry.incident}")
    topics += [region for region in ("now",) if region in regions]
    return News(place.position, tuple(dict.fromkeys(topics)), regions)


def missed(topics: tuple[str, ...], *, after: int | None) -> tuple[int, list[bytes]]:
    """The position a new stream begins at, and what it missed since `after`; too much is 'fetch everything'."""
    position = position_of_news()
    if after is None or after >= position:
        return position, []
    news = news_after(after, at_most=SLICE)
    if len(news) == SLICE:
        everything = [
            encode("news", {"position": position, "topic": topic, "regions": ["*"]}, position=position)
            for topic in topics
        ]
        return position, everything
    return (news[-1].position if news else position), [piece for _, piece in pieces(map(as_news, news), topics)]
