"""Look at everything that must be right for a page to leave: green and red lines, exit code 1 when one is red."""

from __future__ import annotations

import argparse
import fcntl
import os
import platform
import resource
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from firstcall.web.cli.main import CannotRun, start_django
from firstcall.web.environment import SETTINGS, WrongSetting, read_environment, shown, unknown_settings

REMOTE = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph", "lustre", "afs")
LARGE_LOG = 256 * 1024 * 1024
LITTLE_SPACE = 0.15
DAYS_LEFT = 30
LATE = 10.0  # seconds
OPEN_FILES = 4096
SIGNS = {True: ("ok ", "32"), False: ("RED", "31")}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. `right` is False for what must be mended."""

    right: bool
    topic: str
    words: str


def run(_given: argparse.Namespace) -> int:
    try:
        environment = read_environment()
        start_django()
    except WrongSetting as error:
        return say([Line(False, "setting", words) for words in str(error).splitlines()])
    lines: list[Line] = []
    for check in (programs, settings, folder, keys, store, size, work, mail, door):
        try:
            lines += check(environment)
        except Exception as error:
            lines.append(Line(False, check.__name__, f"could not be looked at: {type(error).__name__}: {error}"))
    return say(lines)


def say(lines: list[Line]) -> int:
    """Print the findings; the exit code."""
    colour = sys.stdout.isatty()
    for line in lines:
        sign, code = SIGNS[line.right]
        print(f"\x1b[{code}m{sign}\x1b[0m" if colour else sign, f"{line.topic}: {line.words}")
    red = sum(not line.right for line in lines)
    print(f"\n{red} to mend." if red else "\nAll is well.")
    return 1 if red else 0


def settings(_environment: dict[str, Any]) -> Iterator[Line]:
    """Every setting as it counts, without passwords, and names that are none of ours."""
    for setting in SETTINGS:
        yield Line(True, setting.name, shown(setting, os.environ))
    for words in unknown_settings(os.environ):
        yield Line(False, "setting", words)


def programs(_environment: dict[str, Any]) -> Iterator[Line]:
    """Versions, and how many files may be open."""
    yield Line(
        True, "versions",
        f"Firstcall {own_version()}, Python {platform.python_version()}, Django {version('django')}, "
        f"uvicorn {version('uvicorn')}, SQLite {sqlite3.sqlite_version}",
    )  # fmt: skip
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    many = hard == resource.RLIM_INFINITY or hard >= OPEN_FILES
    yield Line(many, "open files", f"at most {hard}" + ("" if many else f", {OPEN_FILES} are wanted for live views"))


def own_version() -> str:
    """Of the installed package; 'from its source' where it was never installed."""
    try:
        return version("firstcall")
    except PackageNotFoundError:
        return "from its source"


def folder(environment: dict[str, Any]) -> Iterator[Line]:
    """The data folder: local, writable, with room."""
    data: Path = environment["FIRSTCALL_DATA"].absolute()
    if not data.is_dir():
        raise CannotRun(f"there is no data folder {data} yet; 'firstcall up' makes it")
    kind = file_system(data, Path("/proc/mounts").read_text())
    local = kind not in REMOTE
    yield Line(
        local, "data folder", f"{data} on {kind}" + ("" if local else ": locks are unsafe there, use a local disk")
    )
    space = shutil.disk_usage(data)
    room = space.free / space.total
    enough = room > LITTLE_SPACE or space.free > 20 * 1024**3
    yield Line(enough, "disk", f"{space.free / 1024**3:.1f} GB free ({room:.0%})")


def file_system(place: Path, mounts: str) -> str:
    """The type of the file system a path is on, from the text of /proc/mounts (proc(5))."""
    best, kind = "", "unknown"
    for line in mounts.splitlines():
        _device, point, found, *_rest = line.split(" ")
        point = point.replace("\\040", " ")
        inside = str(place) == point or str(place).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind


def keys(environment: dict[str, Any]) -> Iterator[Line]:
    """Who may read the keys."""
    data: Path = environment["FIRSTCALL_DATA"].absolute()
    for setting, name in (("FIRSTCALL_SECRET_KEY_FILE", "secret.key"), ("FIRSTCALL_DATA_KEY_FILE", "data.key")):
        path = Path(environment[setting] or data / name)
        mode = stat.S_IMODE(path.stat().st_mode)
        closed = mode & 0o077 == 0
        yield Line(closed, name, f"mode {mode:04o}" + ("" if closed else f": others can read it, run chmod 600 {path}"))


def store(_environment: dict[str, Any]) -> Iterator[Line]:
    """The database: reachable, at this version, its log short."""
    from django.db import connection

    from firstcall.web.cli.migrate import refuse_other_schema

    try:
        refuse_other_schema()
    except CannotRun as error:
        yield Line(False, "database", str(error))
        return
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        log = name.with_name(name.name + "-wal")
        size = log.stat().st_size if log.exists() else 0
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        yield Line(mode == "wal", "database", f"SQLite, {name.stat().st_size / 1e6:.1f} MB, journal {mode}, up to date")
        short = size < LARGE_LOG
        yield Line(short, "log", f"{size / 1e6:.1f} MB" + ("" if short else ": a reader keeps it from being moved"))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('synchronous_standby_names')")
        server, standby = cursor.fetchone()
    words = f"PostgreSQL {server}, up to date"
    yield Line(
        True, "database", words + ("" if standby else ", without a synchronous replica: its disk is the only copy")
    )


def size(environment: dict[str, Any]) -> Iterator[Line]:
    """The largest tables, how fast the store grows and when the disk is full at that rate."""
    from firstcall.deliver.growth import growth_a_day, read_sizes
    from firstcall.deliver.queries.size import store_bytes, table_bytes

    largest = ", ".join(f"{name} {taken / 1e6:.1f} MB" for name, taken in list(table_bytes().items())[:5])
    yield Line(True, "size", f"{store_bytes() / 1e6:.1f} MB: {largest}")
    data: Path = environment["FIRSTCALL_DATA"].absolute()
    growth = growth_a_day(read_sizes(data))
    if growth is None:
        yield Line(True, "growth", "known after two days")
        return
    words = f"{growth / 1e6:+.1f} MB a day"
    days = shutil.disk_usage(data).free / growth if growth > 0 else None
    if days is not None and not environment["DATABASE_URL"]:
        words += f", the disk is full in {days:.0f} days" if days < 1000 else ", room for years"
    yield Line(days is None or days > DAYS_LEFT, "growth", words)


def work(environment: dict[str, Any]) -> Iterator[Line]:
    """The worker runs, and nothing that is due waits."""
    from firstcall.deliver.queries.clock import store_now
    from firstcall.deliver.queries.health import oldest_due_page
    from firstcall.kernel import clock

    data: Path = environment["FIRSTCALL_DATA"].absolute()
    here = held(data / "worker.lock")
    yield Line(here, "worker", "runs" if here else "does not run here: no page leaves. Start 'firstcall up'")
    oldest = oldest_due_page(now=store_now())
    late = oldest is not None and oldest >= LATE
    yield Line(not late, "oldest due page", "none waits" if oldest is None else f"waits for {oldest:.0f} s")
    skew = abs((store_now() - clock.now()).total_seconds())
    yield Line(skew < 5, "clock", f"{skew:.1f} s apart from the database's")


def held(lock: Path) -> bool:
    """Whether a process holds the flock on a file."""
    try:
        with lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def mail(environment: dict[str, Any]) -> Iterator[Line]:
    """A mail server is named, and answers."""
    import dj_email_url

    if not environment["EMAIL_URL"]:
        yield Line(False, "mail", "no mail leaves: give EMAIL_URL, such as smtp://user:password@mail.example.com:587")
        return
    facts = dj_email_url.parse(environment["EMAIL_URL"])
    host, port = facts["EMAIL_HOST"], facts["EMAIL_PORT"] or 25
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        yield Line(False, "mail", f"{host} port {port} does not answer: {error}")
        return
    secure = bool(facts["EMAIL_USE_TLS"] or facts["EMAIL_USE_SSL"]) or host in ("localhost", "127.0.0.1")
    yield Line(secure, "mail", f"{host} port {port} answers" + ("" if secure else ", in clear text: use smtp+tls://"))


def door(environment: dict[str, Any]) -> Iterator[Line]:
    """What the network sees."""
    host, base = environment["FIRSTCALL_HOST"], environment["FIRSTCALL_BASE_URL"]
    inside = host in ("127.0.0.1", "localhost", "::1")
    https = base.startswith("https://")
    words = "this machine only" if inside else f"listens on {host}"
    if not inside and not https:
        words += " without https: passwords cross the network in clear text. Set FIRSTCALL_BASE_URL behind a proxy"
    yield Line(inside or https, "address", words)
    name = urlsplit(base).hostname or ""
    if base and not https and name not in ("localhost", "127.0.0.1"):
        yield Line(False, "links", f"{base} is not https: a link in a mail can be read on its way")
    if inside and https and not environment["FIRSTCALL_TRUSTED_PROXIES"]:
        words = "all visitors look like one address: name the proxy in FIRSTCALL_TRUSTED_PROXIES, such as 127.0.0.1"
        yield Line(False, "proxy", words)
