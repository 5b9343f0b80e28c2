"""Publishing: a page's version as files that any web server can serve with us and the database dead.

Each web node renders what it finds new, into a folder of its own, makes it safe on disk and then swaps the link
`current`: HTML, JSON and feeds never disagree, and an older version never replaces a newer one.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.translation import override

from firstcall.inform.models.status_page import PageVersion, StatusPage
from firstcall.inform.rules.page_files import days, json_files, sentence
from firstcall.inform.rules.status import confirm_due

KEPT = 3
STYLES = ("tokens", "base", "tables", "pieces", "pages")


def root(*, private: bool) -> Path:
    """The folder of the published pages; private ones are never below the public one."""
    return Path(settings.DATA) / "pages" / ("private" if private else "public")


def render_due(*, now: dt.datetime) -> int:
    """Render every page that has a new version, or whose 'last confirmed' is due; how many. Two statements."""
    newest = {row["page"]: row["last"] for row in PageVersion.objects.values("page").annotate(last=Max("number"))}
    done = 0
    for page in StatusPage.objects.filter(pk__in=newest):
        folder = root(private=page.private) / page.slug
        state = _state(folder)
        confirmed = dt.datetime.fromisoformat(state["confirmed_at"]) if state else None
        fresh = state is not None and state["number"] >= newest[page.pk]
        if fresh and not confirm_due(confirmed_at=confirmed, open_=bool(state and state["open"]), now=now):
            continue
        version = page.versions.get(number=newest[page.pk])
        write_version(folder, version.content, number=version.number, now=now)
        done += 1
    return done


def _state(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / "current" / "version.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found


def write_version(folder: Path, content: dict[str, Any], *, number: int, now: dt.datetime) -> Path:
    """All files of one version in a new folder, on disk before the link is swapped."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{number:08d}-{now.timestamp():.0f}-{os.getpid()}"
    shutil.rmtree(target, ignore_errors=True)
    for name, body in files_of(content, number=number, now=now).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, body)
        if len(body) > 500:
            _write(path.with_name(path.name + ".gz"), gzip.compress(body, 6, mtime=0))
    _sync_folder(target)
    state = _state(folder)
    if state is not None and (state["number"], state["confirmed_at"]) > (number, now.isoformat()):
        shutil.rmtree(target, ignore_errors=True)
        return folder / "current"
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
    base = f"{settings.BASE_URL}/status/{content['page']['slug']}"
    context = {
        "content": content,
        "say": sentence(content),
        "days": days(content, now=now),
        "confirmed": now,
        "base": base,
        "subscribe": f"{settings.BASE_URL}/subscribe/{content['page']['slug']}/",
        "moments": _Moments(),
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


class _Moments(dict[str, dt.datetime]):
    """ISO texts of the content as instants, for the template."""

    def __missing__(self, text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text)


def style() -> bytes:
    """The design system's sheets that the page needs, in one file beside it."""
    folder = Path(__file__).parent.parent / "web" / "static" / "web"
    return b"\n".join((folder / f"{name}.css").read_bytes() for name in STYLES)
