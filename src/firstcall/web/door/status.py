"""Published status pages: the bytes of files, with no word to Django or the database.

`<pages>/<name>/current` is a link to one whole version. A version is read into memory once and looked at again after
50 ms; a page whose folder can't be read any more is served from memory as it was.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from firstcall.web.door.answer import Answer, text_answer
from firstcall.web.middleware import POLICY

LOOK_AGAIN = 0.05  # seconds until a publish is noticed at the latest
MOST_FILES = 200
MOST_PAGES = 256
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".json": b"application/json",
    ".atom": b"application/atom+xml",
    ".rss": b"application/rss+xml",
    ".xml": b"application/xml",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".ico": b"image/x-icon",
    ".woff2": b"font/woff2",
    ".txt": b"text/plain; charset=utf-8",
}
COMMON = (
    (b"cache-control", b"public, max-age=15, stale-if-error=86400"),
    (b"vary", b"accept-encoding"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", POLICY.encode()),
    (b"access-control-allow-origin", b"*"),
)
NOT_HERE = text_answer(404, "There is no such page.\n")
READ_ONLY = text_answer(405, "This page can only be read.\n", (b"allow", b"GET, HEAD"))

Header = Callable[[bytes], bytes | None]


@dataclass(slots=True)
class Shape:
    """One way a file is sent: whole, and the short word that the reader still has it."""

    tag: bytes
    whole: Answer
    unchanged: Answer


@dataclass(slots=True)
class File:
    plain: Shape
    packed: Shape | None


@dataclass(slots=True)
class Version:
    """A published version in memory: `mark` tells it from the next, `seen` is when the link was last looked at."""

    mark: tuple[int, int, int]
    files: dict[str, File]
    seen: float


def _shape(data: bytes, kind: bytes, *, packed: bool) -> Shape:
    tag = b'"' + hashlib.blake2b(data, digest_size=12).hexdigest().encode() + (b'-gz"' if packed else b'"')
    headers = ((b"etag", tag), *COMMON)
    encoding = ((b"content-encoding", b"gzip"),) if packed else ()
    return Shape(tag, Answer(200, ((b"content-type", kind), *encoding, *headers), data), Answer(304, headers))


def _read(folder: Path) -> dict[str, File]:
    """Every file of a version by its path below the page; a folder's index stands at the folder."""
    found: dict[str, File] = {}
    for place in sorted(folder.rglob("*"))[:MOST_FILES]:
        kind = TYPES.get(place.suffix)
        if kind is None or place.is_symlink() or not place.is_file():
            continue
        sibling = place.with_name(place.name + ".gz")
        packed = _shape(sibling.read_bytes(), kind, packed=True) if sibling.is_file() else None
        file = File(_shape(place.read_bytes(), kind, packed=False), packed)
        path = place.relative_to(folder).as_posix()
        found[path] = file
        if place.name == "index.html":
            found[path.removesuffix("index.html")] = file
    return found


class Pages:
    """The published pages of one folder. Not for several threads: the loop's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: dict[str, Version] = {}

    def answer(self, method: bytes, path: str, header: Header) -> Answer:
        """`path` is what follows `/status/`, without the query."""
        if method not in (b"GET", b"HEAD"):
            return READ_ONLY
        name, slash, rest = path.partition("/")
        version = self._version(name)
        if version is None:
            return NOT_HERE
        if not slash:
            return Answer(308, ((b"location", b"/status/" + name.encode() + b"/"), *COMMON))
        file = version.files.get(rest)
        if file is None:
            return NOT_HERE
        shape = file.plain
        if file.packed is not None and b"gzip" in (header(b"accept-encoding") or b""):
            shape = file.packed
        known = header(b"if-none-match")
        if known is not None and (shape.tag in known or known.strip() == b"*"):
            return shape.unchanged
        return shape.whole

    def _version(self, name: str) -> Version | None:
        kept, now = self._pages.get(name), time.monotonic()
        if kept is not None and now - kept.seen < LOOK_AGAIN:
            return kept
        if NAME.fullmatch(name) is None:
            return None
        folder = self._folder / name / "current"
        try:
            stat = os.stat(folder)  # noqa: PTH116
            mark = (stat.st_dev, stat.st_ino, stat.st_mtime_ns)
            if kept is None or kept.mark != mark:
                kept = Version(mark, _read(folder.resolve(strict=True)), now)
                if len(self._pages) >= MOST_PAGES:
                    self._pages.clear()
                self._pages[name] = kept
        except FileNotFoundError:
            if kept is not None and (self._folder / name).exists():
                kept.seen = now  # the link is being swapped, or the version vanished under us: the last one stands
                return kept
            self._pages.pop(name, None)
            return None
        except OSError:
            if kept is None:
                return None
        kept.seen = now
        return kept
