"""Start everything: bring the database up to date, run web and worker, start again what dies."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firstcall.kernel import clock
from firstcall.web.cli.main import WRONG, CannotRun
from firstcall.web.environment import read_environment

PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before a dead child starts again
STEADY = 60.0  # seconds of life after which the pauses begin anew
GRACE = 2.6  # seconds to end by themselves
LOOK = 0.1  # seconds
PR_SET_PDEATHSIG = 1  # prctl(2)
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_libc = ctypes.CDLL(None)


def run(_given: argparse.Namespace) -> int:
    environment = read_environment()
    data: Path = environment["FIRSTCALL_DATA"].absolute()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotRun(f"The data folder {data} can't be made: {error.strerror}.") from None
    with only_one(data):
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        code, report = _prepare()
        if code:
            return code
        return Supervisor(environment, report["setup"]).run()


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder. Raises CannotRun with the name of who holds it."""
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise CannotRun(
                f"Firstcall already runs on the data folder {data} ({holder}). "
                "Stop it first, or choose another folder with FIRSTCALL_DATA."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {clock.now():%Y-%m-%d %H:%M} UTC\n")
        lock.flush()
        yield
        lock.truncate(0)


def _born(parent: int) -> Any:
    """What a child does before its program starts: take signals again, and die with its parent."""

    def born() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return born


def start(*command: str) -> tuple[subprocess.Popen[bytes], int]:
    """One of our own commands as a child in its own process group, and the end of a pipe it may report on."""
    read, write = os.pipe()
    arguments = [sys.executable, "-m", "firstcall", *command]
    if command[0] != "worker":
        arguments += ["--report-fd", str(write)]
    child = subprocess.Popen(  # noqa: S603
        arguments, preexec_fn=_born(os.getpid()), process_group=0, pass_fds=(write,), stdin=subprocess.DEVNULL
    )
    os.close(write)
    return child, read


def _prepare() -> tuple[int, dict[str, str]]:
    """Back up and migrate in a child; its exit code and its report."""
    child, read = start("migrate")
    with os.fdopen(read) as pipe:
        text = pipe.read()
    code = child.wait()
    if code:
        return (WRONG if code == WRONG else 1), {}
    return 0, json.loads(text)


class Child:
    """A process that is kept alive."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.falls = 0
        self.due: float | None = 0.0
        self.began = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.report: int | None = None

    def start(self) -> None:
        self._forget()
        self.process, self.report = start(self.name)
        os.set_blocking(self.report, False)
        self.began, self.due = time.monotonic(), None

    def said(self) -> str:
        """What it reported since, without waiting."""
        if self.report is None:
            return ""
        try:
            text = os.read(self.report, 100).decode()
        except BlockingIOError:
            return ""
        if not text:
            self._forget()
        return text

    def ended(self) -> int | None:
        """The exit code when it has just ended; its next start is planned."""
        if self.process is None or self.due is not None:
            return None
        code = self.process.poll()
        if code is None:
            return None
        if time.monotonic() - self.began > STEADY:
            self.falls = 0
        self.due = time.monotonic() + PAUSES[min(self.falls, len(PAUSES) - 1)]
        self.falls += 1
        return code

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """To the process; a kill goes to its whole group."""
        if self.process is None or not self.alive():
            return
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)

    def _forget(self) -> None:
        if self.report is not None:
            os.close(self.report)
            self.report = None


class Supervisor:
    """Web and worker, until SIGTERM or Ctrl-C."""

    def __init__(self, environment: dict[str, Any], setup: str) -> None:
        self._environment = environment
        self._setup = setup
        self._greeted = False
        self._children = [Child("web"), Child("worker")]

    def run(self) -> int:
        while True:
            for child in self._children:
                if child.due is not None and time.monotonic() >= child.due:
                    child.start()
            got = signal.sigtimedwait(SIGNALS, LOOK)
            if got is not None and got.si_signo != signal.SIGCHLD:
                return self._stop()
            for child in self._children:
                code = child.ended()
                if code == WRONG:
                    self._stop()
                    return WRONG
                if code is not None:
                    print(
                        f"firstcall: {child.name} ended with {code} and is started again", file=sys.stderr, flush=True
                    )
                port = child.said()
                if port and child.name == "web":
                    self._greet(int(port))

    def _greet(self, port: int) -> None:
        if self._greeted:
            return
        self._greeted = True
        address = self._environment["FIRSTCALL_BASE_URL"] or f"http://localhost:{port}"
        print(f"Firstcall runs: {address}", flush=True)
        if self._setup:
            print(f"Make the first account here (once, within 30 minutes): {address}{self._setup}", flush=True)
        host = self._environment["FIRSTCALL_HOST"]
        if host not in ("127.0.0.1", "localhost", "::1") and not address.startswith("https://"):
            print(
                f"firstcall: listening on {host} without https: passwords cross the network in clear text. "
                "Put a proxy with https in front and set FIRSTCALL_BASE_URL.",
                file=sys.stderr, flush=True,
            )  # fmt: skip

    def _stop(self) -> int:
        """Ask all to end, kill who hasn't after the grace; a second Ctrl-C ends the grace."""
        end = time.monotonic() + GRACE
        for child in self._children:
            child.signal(signal.SIGTERM)
        while any(child.alive() for child in self._children) and time.monotonic() < end:
            got = signal.sigtimedwait(SIGNALS, 0.05)
            if got is not None and got.si_signo in (signal.SIGINT, signal.SIGTERM):
                break
        for child in self._children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        return 0
