"""`firstcall up` starts everything, keeps it running, and ends it; the other commands say what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.conftest import ROOT, Store, Web, free_port, request, until


def command(store: Store, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "firstcall", *words], env={**store.env, **env}, cwd=ROOT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip


def command_line(pid: int) -> list[str]:
    """The words a living process was started with; none for a dead one."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    except OSError:
        return []


class Up:
    """A running `firstcall up`."""

    def __init__(self, store: Store, data: Path) -> None:
        self.port = free_port()
        self.env = {**store.env, "FIRSTCALL_PORT": str(self.port), "FIRSTCALL_DATA": str(data)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "firstcall", "up"], env=self.env, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()

    def children(self) -> dict[str, int]:
        """The process ids of web and worker."""
        found = {}
        own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in own.read_text().split() if own.exists() else []:
            words = command_line(int(pid))
            if "firstcall" in words:
                found[words[words.index("firstcall") + 1]] = int(pid)
        return found

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


def copy(store: Store, data: Path) -> None:
    """The store as it is now, in another folder: quicker than migrating from nothing."""
    data.mkdir(exist_ok=True)
    source, target = sqlite3.connect(store.data / "firstcall.sqlite3"), sqlite3.connect(data / "firstcall.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    for key in ("secret.key", "data.key"):
        shutil.copy(store.data / key, data / key)


@pytest.fixture
def up(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Up]:
    if store.env["DATABASE_URL"]:
        pytest.skip("the supervisor knows no database; once is enough")
    if "nothing" not in request.node.name:
        copy(store, tmp_path / "data")
    running = Up(store, tmp_path / "data")
    yield running
    running.close()


def test_up_from_nothing_to_the_end(up: Up, store: Store) -> None:
    assert up.said == f"Firstcall runs: http://localhost:{up.port}\n"
    assert up.process.stdout is not None
    link = up.process.stdout.readline()
    assert link.startswith(
        f"Make the first account here (once, within 30 minutes): http://localhost:{up.port}/welcome/"
    )
    data = Path(up.env["FIRSTCALL_DATA"])
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    web = Web(store, up.port, up.process)
    assert web.ask("GET", "/healthz").status == 200

    beats = [data / "worker.beat", data / "auditor.beat"]
    assert until(lambda: all(one.exists() for one in beats), 15)
    first = [one.stat().st_mtime for one in beats]

    again = command(store, "up", FIRSTCALL_DATA=str(data), FIRSTCALL_PORT=str(free_port()))
    assert again.returncode == 2
    assert f"already runs on the data folder {data} (process {up.process.pid}, since " in again.stderr

    for name in ("web", "worker"):
        assert until(lambda name=name: name in up.children())
        old = up.children()[name]
        os.kill(old, signal.SIGKILL)
        assert until(lambda name=name, old=old: up.children().get(name, old) != old)
    assert until(lambda: _answers(web), 15)
    assert until(lambda: all(one.stat().st_mtime > then for one, then in zip(beats, first, strict=True)), 15)

    with web.connect() as wire:
        wire.sendall(request("GET", "/healthz"))
        children = list(up.children().values())
        begin = time.monotonic()
        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(10) == 0
        assert time.monotonic() - begin < 3
    assert not any(command_line(child) for child in children)


def _answers(web: Web) -> bool:
    try:
        return web.ask("GET", "/healthz").status == 200
    except OSError:
        return False


def test_children_die_with_a_killed_supervisor(up: Up) -> None:
    children = list(up.children().values())
    assert len(children) == 2
    up.process.kill()
    assert until(lambda: not any(command_line(child) for child in children))


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("FIRSTCALL_PORT", "eighty", "FIRSTCALL_PORT is 'eighty', but it takes a port number from 0 to 65535."),
        ("FIRSTCALL_ZONE", "Mars", "FIRSTCALL_ZONE is 'Mars', but it takes an IANA time zone such as Europe/Berlin."),
        ("FIRSTCALL_DATA", "/proc/nowhere", "The data folder /proc/nowhere can't be made: No such file or directory."),
    ],
)
def test_a_wrong_setting_is_one_sentence(store: Store, setting: str, value: str, sentence: str) -> None:
    done = command(store, "up", **{setting: value})
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"firstcall: {sentence}\n")


def test_a_taken_port_is_one_sentence(web: Web) -> None:
    done = command(web.store, "web", FIRSTCALL_PORT=str(web.port))
    assert done.returncode == 2
    assert done.stderr == (
        f"firstcall: Cannot listen on 127.0.0.1 port {web.port}: Address already in use. "
        "Choose another with FIRSTCALL_HOST and FIRSTCALL_PORT.\n"
    )


def test_a_newer_database_is_refused_and_an_older_one_is_backed_up(store: Store, tmp_path: Path) -> None:
    if store.env["DATABASE_URL"]:
        pytest.skip("the files of SQLite")
    copy(store, tmp_path)
    env = {"FIRSTCALL_DATA": str(tmp_path), "FIRSTCALL_PORT": "0"}
    assert command(store, "migrate", **env).stdout == "The database is up to date.\n"
    assert not (tmp_path / "backups").exists()
    with sqlite3.connect(tmp_path / "firstcall.sqlite3") as lite:
        lite.execute("DELETE FROM django_migrations WHERE app = 'mfa'")
        lite.execute("DROP TABLE mfa_authenticator")
    lite.close()
    assert command(store, "web", **env).stderr == (
        "firstcall: The database is not up to date. Run 'firstcall migrate' first.\n"
    )
    assert command(store, "migrate", **env).stdout == "3 migrations applied.\n"
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(tmp_path / "firstcall.sqlite3") as lite:
        lite.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('journal', '0099_x', '2026-11-20')")
    lite.close()
    for name in ("migrate", "worker"):
        done = command(store, name, **env)
        assert done.returncode == 2
        assert done.stderr == (
            "firstcall: This database was written by a newer version of Firstcall (journal.0099_x). "
            "Install that version, or restore a backup made by this one.\n"
        )


def test_doctor_is_red_where_something_must_be_mended(store: Store) -> None:
    done = command(store, "doctor", EMAIL_URL="", FIRSTCALL_HOST="0.0.0.0")
    assert done.returncode == 1
    lines = {line[4:].split(":")[0]: line for line in done.stdout.splitlines() if ":" in line}
    assert lines["database"].startswith("ok ")
    assert lines["secret.key"] == "ok  secret.key: mode 0600"
    assert lines["worker"] == "RED worker: does not run here: no page leaves. Start 'firstcall up'"
    assert lines["mail"].startswith("RED mail: no mail leaves")
    assert lines["address"].startswith("RED address: listens on 0.0.0.0 without https")
    assert done.stdout.endswith("\n3 to mend.\n")
    os.chmod(store.data / "data.key", 0o644)  # noqa: PTH101
    try:
        assert "RED data.key: mode 0644: others can read it" in command(store, "doctor").stdout
    finally:
        os.chmod(store.data / "data.key", 0o600)  # noqa: PTH101


def test_doctor_shows_every_setting_and_no_password(store: Store) -> None:
    given = {
        "EMAIL_URL": "smtp+tls://ada:geheim@127.0.0.1:9", "FIRSTCALL_ZONE": "Europe/Berlin",
        "FIRSTCALL_TRUSTED_PROXY": "127.0.0.1", "FIRSTCALL_BASE_URL": "https://firstcall.example.com",
    }  # fmt: skip
    done = command(store, "doctor", **given)
    assert "geheim" not in done.stdout + done.stderr
    for line in (
        "ok  EMAIL_URL: smtp+tls://…@127.0.0.1:9",
        "ok  FIRSTCALL_ZONE: Europe/Berlin",
        "ok  FIRSTCALL_CURRENCY: EUR (not set)",
        "RED setting: FIRSTCALL_TRUSTED_PROXY is not a setting. Did you mean FIRSTCALL_TRUSTED_PROXIES?",
        "RED proxy: all visitors look like one address: name the proxy in FIRSTCALL_TRUSTED_PROXIES, such as 127.0.0.1",
    ):
        assert line in done.stdout.splitlines()


def test_doctor_names_all_that_is_wrong_with_settings(store: Store) -> None:
    done = command(store, "doctor", FIRSTCALL_PORT="eighty", FIRSTCALL_TRUSTED_PROXIES="*")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "RED setting: FIRSTCALL_PORT is 'eighty', but it takes a port number from 0 to 65535.\n"
        "RED setting: FIRSTCALL_TRUSTED_PROXIES is '*', but it takes addresses or networks such as 10.0.0.7 or "
        "10.0.0.0/8, separated by commas.\n\n2 to mend.\n"
    )
