"""Publishing: a page's version as files that any web server can serve with us and the database dead.

Each web node renders what it finds new, into a folder of its own, makes it safe on disk and then swaps the link
`current`: HTML, JSON and feeds never disagree, and an older version never replaces a newer one.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import gzip
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.translation import override

from firstcall.inform.models.status_page import PageVersion, StatusPage
from firstcall.inform.rules.page_files import days, json_files, next_word, sentence
from firstcall.inform.rules.status import OVER, confirm_due
from firstcall.journal.spoken import organisation_zone

log = structlog.get_logger()

KEPT = 3  # folders: the one that is read and two older ones
SHOWN = 20  # incidents that are over
LOCK = ".lock"  # in every page's folder
STYLES = ("tokens", "base", "forms", "tables", "pieces", "pages")


def root(*, private: bool) -> Path:
    """The folder of the published pages; private ones are never below the public one."""
    return Path(settings.DATA) / "pages" / ("private" if private else "public")


def render_due(*, now: dt.datetime) -> int:
    """Render every page that has a new version, or whose 'last confirmed' is due; how many. Two statements."""
    newest = {row["page"]: row["last"] for row in PageVersion.objects.values("page").annotate(last=Max("number"))}
    pages = list(StatusPage.objects.filter(pk__in=newest))
    done = 0
    for page in pages:
        folder = root(private=page.private) / page.slug
        state = _state(folder)
        confirmed = dt.datetime.fromisoformat(state["confirmed_at"]) if state else None
        fresh = state is not None and state["number"] >= newest[page.pk]
        if fresh and not confirm_due(confirmed_at=confirmed, open_=bool(state and state["open"]), now=now):
            continue
        version = page.versions.filter(number=newest[page.pk]).first()
        if version is not None and _written(folder, version, now=now):
            done += 1
    for private in (False, True):
        _withdraw(root(private=private), {page.slug for page in pages if page.private is private})
    return done


def _written(folder: Path, version: PageVersion, *, now: dt.datetime) -> bool:
    """Whether it stands on disk. One that can't be rendered is said in the log and keeps none of the others back."""
    try:
        write_version(folder, version.content, number=version.number, now=now)
    except Exception:
        log.exception("publisher.page_failed", page=folder.name)
        return False
    return True


def _withdraw(folder: Path, living: set[str]) -> None:
    """Take away what we wrote here (it has our lock) for a page that is gone, or is not of this kind."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in living and (path / LOCK).is_file():
            shutil.rmtree(path, ignore_errors=True)


def _state(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / "current" / "version.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two nodes over one folder swap in turn, so that the older of two never comes last."""
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_version(folder: Path, content: dict[str, Any], *, number: int, now: dt.datetime) -> Path:
    """All files of one version in a new folder, on disk before the link is swapped."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{number:08d}-{now.timestamp():.0f}-{os.getpid()}"
    with _one_at_a_time(folder):
        state = _state(folder)
        if state is not None and (state["number"], state["confirmed_at"]) > (number, now.isoformat()):
            return folder / "current"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        folders = {target}
        for name, body in files_of(content, number=number, now=now).items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            folders |= {path.parent, *(part for part in path.parents if target in part.parents)}
            _write(path, body)
            if len(body) > 500:
                _write(path.with_name(path.name + ".gz"), gzip.compress(body, 6, mtime=0))
        for one in folders:
            _sync_folder(one)
        link = folder / f".current-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(target.name)
        link.replace(folder / "current")
        _sync_folder(folder)
        _tidy(folder, keep=target.name)
    return target


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tidy(folder: Path, *, keep: str) -> None:
    old = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and path.name != keep)
    for path in old[: max(0, len(old) - KEPT + 1)]:
        shutil.rmtree(path, ignore_errors=True)


def files_of(content: dict[str, Any], *, number: int, now: dt.datetime) -> dict[str, bytes]:
    """Name to bytes: the page, its style, Statuspage's JSON, the feeds, and what version this is."""
    page = content["page"]
    base = f"{settings.BASE_URL}/{'private' if page.get('private') else 'status'}/{page['slug']}"
    zone = organisation_zone()
    incidents = content["incidents"]
    context = {
        "content": content,
        "open": [incident for incident in incidents if incident["state"] not in OVER],
        "over": sorted(
            (incident for incident in incidents if incident["state"] in OVER),
            key=itemgetter("started_at"),
            reverse=True,
        )[:SHOWN],
        "say": sentence(content),
        "next": next_word(content, now=now),
        "days": days(content, now=now),
        "confirmed": now,
        "zone": zone,
        "zone_name": f"{now.astimezone(zone):%Z}",
        "base": base,
        "subscribe": "" if page.get("private") else f"{settings.BASE_URL}/subscribe/{page['slug']}/",
    }
    with override("en"):
        html = render_to_string("inform/public/page.html", context)
        atom = render_to_string("inform/public/feed.atom", context)
        rss = render_to_string("inform/public/feed.rss", context)
    about = {"number": number, "confirmed_at": now.isoformat(), "open": content["open"]}
    return {
        "index.html": html.encode(),
        "status.css": style(),
        "status.js": (Path(__file__).parent / "static" / "inform" / "status.js").read_bytes(),
        "feed.atom": atom.encode(),
        "feed.rss": rss.encode(),
        "version.json": json.dumps(about).encode(),
        **{name: json.dumps(body).encode() for name, body in json_files(content, base=base, now=now).items()},
    }


def style() -> bytes:
    """The design system's sheets that the page needs, in one file beside it."""
    folder = Path(__file__).parent.parent / "web" / "static" / "web"
    return b"\n".join((folder / f"{name}.css").read_bytes() for name in STYLES)
