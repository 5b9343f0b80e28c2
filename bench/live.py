"""Two hundred live views on one room: how fast the last one hears, and how fast the process ends.

    python -m bench.live [--viewers 200] [--publishes 50] [--rounds 5]

The web process has one core; viewers and the writer (another process, as the worker would be) have the other. A publish
is one committed journal entry of the room; its time is from before the write until the last viewer has the event whole.
After each round the process gets SIGTERM with all views open.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench import stage


def say() -> None:
    """Lay a room and a session, print both, then record one entry for each line on stdin and print its moment."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from firstcall.journal.commands.entry import number_entries, record
    from firstcall.journal.kinds import KINDS
    from firstcall.kernel import clock
    from firstcall.kernel.actor import MACHINE
    from firstcall.people.models.user import Access, User
    from firstcall.people.sessions import SessionStore
    from firstcall.respond.commands.incident import open_incident

    ada, _made = User.objects.get_or_create(
        email="ada@example.com", defaults={"username": "ada", "name": "Ada", "access": Access.ADMIN}
    )
    session = SessionStore()
    session[SESSION_KEY] = str(ada.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = ada.get_session_auth_hash()
    session.create()
    room = open_incident(
        title="Checkout fails", flow=None, severity=1, symptom="", impact_started_at=None, by=MACHINE, now=clock.now()
    )
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    print(json.dumps({"room": room.pk, "cookie": cookie}), flush=True)
    for _line in sys.stdin:
        began = time.monotonic()
        record(KINDS["incident.resolved"], by=MACHINE, now=clock.now(), subject=f"incident:{room.pk}", incident=room.pk)
        number_entries()
        print(began, flush=True)


class Views:
    """Open live views, read by one selector."""

    def __init__(self, port: int, room: int, cookie: str, count: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.links = []
        self.refused = 0
        ask = f"GET /live/incident:{room} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
        for _ in range(count):
            link = socket.create_connection(("127.0.0.1", port))
            link.sendall(ask)
            self.links.append(link)
        for link in self.links:
            data = b""
            while b"event: beat" not in data and (piece := link.recv(65536)):
                data += piece
            self.refused += b" 200 " not in data
            link.setblocking(False)
            self.selector.register(link, selectors.EVENT_READ, link)

    def wait(self, seconds: float = 10.0) -> list[float]:
        """The moment each view has heard the next news."""
        waiting, heard = set(self.links), []
        end = time.monotonic() + seconds
        while waiting and time.monotonic() < end:
            for key, _events in self.selector.select(0.1):
                link: socket.socket = key.data
                data = link.recv(65536)
                if not data:
                    self.selector.unregister(link)
                elif b"event: news" in data and link in waiting:
                    waiting.discard(link)
                    heard.append(time.monotonic())
        return heard

    def close(self) -> None:
        for link in self.links:
            link.close()
        self.selector.close()


def memory(pid: int) -> float:
    """Proportional set size in KB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return float(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])


def one_round(env: dict[str, str], viewers: int, publishes: int) -> dict[str, Any]:
    """Open, publish, end."""
    port = stage.free_port()
    env = {**env, "FIRSTCALL_PORT": str(port)}
    web = [sys.executable, "-m", "firstcall", "web"]
    teller = subprocess.Popen(
        [sys.executable, "-m", "bench.live", "--say"], env={**os.environ, **env}, text=True, cwd=stage.ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=lambda: stage.on_core(stage.LOAD_CORE),
    )  # fmt: skip
    assert teller.stdin is not None
    assert teller.stdout is not None
    with teller, stage.running(web, core=stage.SERVER_CORE, env=env) as server:
        stage.wait_for_port(port)
        laid = json.loads(teller.stdout.readline())
        time.sleep(0.5)
        before = memory(server.pid)
        views = Views(port, laid["room"], laid["cookie"], viewers)
        after = memory(server.pid)
        last, middle, unheard = [], [], 0
        for _ in range(publishes):
            teller.stdin.write("\n")
            teller.stdin.flush()
            heard = views.wait()
            began = float(teller.stdout.readline())
            unheard += viewers - len(heard)
            last.append(heard[-1] - began)
            middle.append(heard[len(heard) // 2] - began)
        begin = time.monotonic()
        server.send_signal(signal.SIGTERM)
        code = server.wait(30)
        exit_seconds = time.monotonic() - begin
        views.close()
        teller.stdin.close()
    return {
        "last_p50_ms": stage.percentile(last, 0.5) * 1000, "last_p99_ms": stage.percentile(last, 0.99) * 1000,
        "middle_p50_ms": stage.percentile(middle, 0.5) * 1000, "refused": views.refused, "unheard": unheard,
        "exit_s": exit_seconds, "exit_code": code, "kb_a_view": (after - before) / viewers,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--publishes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--say", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.say:
        say()
        return
    stage.on_core(stage.LOAD_CORE)
    rounds = []
    with stage.store() as env:
        for number in range(given.rounds):
            rounds.append(one_round(env, given.viewers, given.publishes))
            words = "  ".join(f"{key} {value:.1f}" for key, value in rounds[-1].items())
            print(f"round {number + 1}  {words}", flush=True)
    result: dict[str, Any] = {"viewers": given.viewers}
    for key in rounds[0]:
        pick = max if key in ("refused", "unheard", "exit_s", "exit_code") else median
        result[key] = round(pick(one[key] for one in rounds), 2)
    result["met"] = {
        "last": result["last_p99_ms"] < 500, "all_let_in": result["refused"] == 0 and result["unheard"] == 0,
        "exit": result["exit_s"] < 2 and result["exit_code"] == 0,
    }  # fmt: skip
    stage.finish(result)


if __name__ == "__main__":
    main()
