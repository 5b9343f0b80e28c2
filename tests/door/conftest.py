"""A store of its own and one web process of each form, for all tests of the door in this run."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Store:
    """A migrated store; `env` points to it, `laid` are its keys and cookies."""

    env: dict[str, str]
    data: Path
    laid: dict[str, str]

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows, by a connection of our own; `%s` marks a parameter."""
        url = self.env["DATABASE_URL"]
        if url:
            with psycopg.connect(url, autocommit=True) as pg:
                cursor = pg.execute(sql.encode(), parameters)
                return cursor.fetchall() if cursor.description else []
        lite = sqlite3.connect(self.data / "firstcall.sqlite3", timeout=10)
        try:
            rows = lite.execute(sql.replace("%s", "?"), parameters).fetchall()
            lite.commit()
            return rows
        finally:
            lite.close()


@dataclass
class Web:
    """A running web process."""

    store: Store
    port: int
    process: subprocess.Popen[str]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """One request on its own connection."""
        with self.connect() as link:
            link.sendall(request(method, path, body, connection="close", **headers))
            return replies(link, methods=[method])[0]

    def rss(self) -> int:
        """Resident memory in bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as bytes; `_` in a header's name stands for `-`."""
    named = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if (body or method == "POST") and "transfer-encoding" not in named:
        named.setdefault("content-length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def replies(link: socket.socket, *, methods: Sequence[str]) -> list[Reply]:
    """As many answers as requests were sent, in the order they came, each with the 100 before it where one came."""
    found, data, wanted = [], b"", list(methods)
    while wanted:
        while b"\r\n\r\n" not in data:
            data += _more(link)
        head, data = data.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        status = int(lines[0].split()[1])
        if status == 100:
            found.append(Reply(100, headers, b""))
            continue
        if wanted.pop(0) == "HEAD" or status in (204, 304):
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            while not data.endswith(b"0\r\n\r\n"):
                data += _more(link)
            body, data = _unchunk(data), b""
        else:
            length = int(headers["content-length"])
            while len(data) < length:
                data += _more(link)
            body, data = data[:length], data[length:]
        found.append(Reply(status, headers, body))
    assert data == b""
    return found


def _more(link: socket.socket) -> bytes:
    piece = link.recv(65536)
    if not piece:
        raise ConnectionError("closed")
    return piece


def _unchunk(data: bytes) -> bytes:
    body = b""
    while True:
        size, data = data.split(b"\r\n", 1)
        length = int(size, 16)
        if not length:
            return body
        body, data = body + data[:length], data[length + 2 :]


def make_store(data: Path) -> Store:
    """A fresh store beside the tests' own: SQLite in `data`, or a new database of the same PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        name = f"door_{os.getpid()}_{data.name.replace('-', '_').lower()}"
        with psycopg.connect(url, autocommit=True) as pg:
            pg.execute(f"CREATE DATABASE {name}".encode())
        url = urlsplit(url)._replace(path=f"/{name}").geturl()
    else:
        url = ""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")},
        "FIRSTCALL_DATA": str(data), "DATABASE_URL": url, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "firstcall.web.settings", "FIRSTCALL_HOST": "127.0.0.1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.door.stage"], env=env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Store(env, data, json.loads(done.stdout))


def start_web(store: Store, *flags: str) -> Web:
    """A web process that listens."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "firstcall", "web", *flags],
        env={**store.env, "FIRSTCALL_PORT": str(port)}, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == f"Listening on 127.0.0.1 port {port}.\n"
    web = Web(store, port, process)
    assert web.ask("GET", "/healthz").status == 200
    return web


def stop_web(web: Web) -> int:
    """End it as a supervisor does; its exit code."""
    if web.process.poll() is None:
        web.process.send_signal(signal.SIGTERM)
        try:
            web.process.wait(10)
        except subprocess.TimeoutExpired:
            web.process.kill()
            web.process.wait()
    assert web.process.stdout is not None
    web.process.stdout.close()
    return web.process.returncode


def until(true: Any, seconds: float = 5.0) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = make_store(tmp_path_factory.mktemp("door"))
    yield made
    if made.env["DATABASE_URL"]:
        name = urlsplit(made.env["DATABASE_URL"]).path[1:]
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as pg:
            pg.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


class Teller:
    """Another process that writes to the same store."""

    def __init__(self, store: Store) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.door.teller"], env=store.env, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, do: str, **facts: Any) -> Any:
        """Have it written, and wait until it is."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **facts}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="session")
def teller(store: Store) -> Iterator[Teller]:
    one = Teller(store)
    yield one
    assert one.process.stdin is not None
    assert one.process.stdout is not None
    one.process.stdin.close()
    one.process.wait(10)
    one.process.stdout.close()


@pytest.fixture(scope="session", params=["fast", "plain"])
def web(request: pytest.FixtureRequest, store: Store) -> Iterator[Web]:
    """Every test that uses it runs against both forms."""
    running = start_web(store, *(["--plain"] if request.param == "plain" else []))
    yield running
    assert stop_web(running) == 0
