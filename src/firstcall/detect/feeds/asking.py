"""Asking a status page over the one door out: no store is touched, so that nothing waits for a slow provider."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urljoin

from firstcall.deliver.transport import Answer, Transport, Unreachable
from firstcall.detect.feeds.reading import LIMIT, candidates, linked_feeds, read_answer
from firstcall.detect.rules.provider_status import Reading
from firstcall.detect.sources.unreadable import Unreadable

MOVED = (301, 302, 303, 307, 308)
MOST_MOVES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """`url` is the person's address, `address` what was read before; with `etag` or `modified` only news comes back."""

    url: str
    address: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: a reading, or `same` as before, or neither and `error` says what was asked and what came."""

    reading: Reading | None = None
    same: bool = False
    address: str = ""
    etag: str = ""
    modified: str = ""
    error: str = ""
    wait: dt.timedelta | None = None


def ask(door: Transport, question: Question) -> Heard:
    """Ask what was read before, or find what can be read. At most seven requests, and no exception."""
    if question.address:
        return _look(door, question.address, etag=question.etag, modified=question.modified)
    heard = Heard(error="There is no address to ask.")
    for address in candidates(question.url):
        heard = _look(door, address)
        if heard.reading is not None:
            return heard
    if candidates(question.url) == [question.url]:
        return heard
    for address in _named_by(door, question.url):
        found = _look(door, address)
        if found.reading is not None:
            return found
    return heard


def _named_by(door: Transport, url: str) -> list[str]:
    try:
        answer, at = _get(door, url, {})
    except Unreachable:
        return []
    return linked_feeds(answer.body, url=at) if answer.status == 200 else []


def _get(door: Transport, url: str, headers: dict[str, str]) -> tuple[Answer, str]:
    """The answer and where it stood. A page that moved is followed twice, through the same guarded door."""
    asked = {"user-agent": "Firstcall", "accept": "application/json, application/atom+xml, */*;q=0.5", **headers}
    for _move in range(MOST_MOVES):
        answer = door.ask("GET", url, headers=asked, limit=LIMIT)
        place = answer.headers.get("location", "")
        if answer.status not in MOVED or not place:
            return answer, url
        url = urljoin(url, place)
    return door.ask("GET", url, headers=asked, limit=LIMIT), url


def _look(door: Transport, address: str, *, etag: str = "", modified: str = "") -> Heard:
    headers = {"if-none-match": etag} if etag else {"if-modified-since": modified} if modified else {}
    try:
        answer, _at = _get(door, address, headers)
    except Unreachable as why:
        return Heard(error=f"Asked {address}: {why}")
    if answer.status == 304 and headers:
        return Heard(same=True, address=address, etag=etag, modified=modified)
    if answer.status != 200:
        return Heard(error=f"Asked {address}: it answered {answer.status}.", wait=_wait(answer))
    if answer.cut:
        return Heard(error=f"Asked {address}: the answer is larger than 5 MB.")
    try:
        reading = read_answer(answer.body)
    except Unreadable as why:
        return Heard(error=f"Asked {address}: {why.sentence}")
    return Heard(
        reading, address=address, etag=answer.headers.get("etag", "")[:200],
        modified=answer.headers.get("last-modified", "")[:60],
    )  # fmt: skip


def _wait(answer: Answer) -> dt.timedelta | None:
    seconds = answer.headers.get("retry-after", "")
    return dt.timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 8 else None
