"""kill -9 of web, worker or both at random moments: no signal that was answered 2xx goes unpaged (F1, F2).

The oracle is what the receivers took: a mail server and a webhook that honours the key. Mails may come twice only under
the same Message-ID, at most one for each kill, and each such page is labelled.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.journeys.company import Company, wait_until

KILLS = int(os.environ.get("FIRSTCALL_KILLS", "40"))

LAY = """
from firstcall.detect.commands.source import make_source
from firstcall.kernel.actor import MACHINE
from firstcall.people.models.contact import ContactMethod
from firstcall.ready.commands.path import Step, set_path
from tests.cast import make_cast
cast = make_cast()
for kind, address in (("mail", cast.ben.email), ("webhook", "{hook}")):
    ContactMethod.objects.create(user=cast.ben, kind=kind, address=address, verified_at=now())
set_path(name="Night", steps=[Step(cast.ben, 240)], by=MACHINE, now=now())
print(make_source(name="Shop", kind="generic", by=MACHINE, now=now())[1])
"""


class Hook:
    """A webhook receiver: counts each key; a repeat of a key has no effect, as its senders are told."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        lock, hook = threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    hook.taken[self.headers["webhook-id"]] += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def __enter__(self) -> Hook:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def children(parent: int) -> dict[str, int]:
    """The processes that `up` started, by their role."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) != parent:
                continue
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError, ValueError):
            continue
        for role in ("web", "worker"):
            if role.encode() in words:
                found[role] = int(entry.name)
    return found


class Poster(threading.Thread):
    """Sends one alert after another, each until it is answered 2xx; keeps what was answered."""

    def __init__(self, url: str, name: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.label, self.stop = url, name, stop
        self.answered: list[str] = []

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            title = f"Alert {self.label}-{number}"
            body = json.dumps({"title": title, "severity": "critical", "dedup_key": title}).encode()
            while not self._send(body):
                if self.stop.is_set():
                    return
                time.sleep(0.05)
            self.answered.append(title)
            number += 1
            time.sleep(0.15)

    def _send(self, body: bytes) -> bool:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return bool(200 <= reply.status < 300)
        except (urllib.error.URLError, OSError):
            return False


def kill_at_random(company: Company, dice: random.Random) -> None:
    """Web, worker, or both."""
    roles = dice.choice((("web",), ("worker",), ("worker",), ("web", "worker")))
    found = children(company.process.pid)
    for role in roles:
        if role in found:
            os.kill(found[role], signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_answered_signal_is_lost_and_no_webhook_counts_twice(tmp_path: Path) -> None:
    dice = random.Random(KILLS)
    with Company(tmp_path) as company, Hook() as hook:
        key = company.python(LAY.format(hook=hook.url))
        stop = threading.Event()
        posters = [Poster(f"{company.url}/in/{key}/generic", str(n), stop) for n in range(3)]
        for poster in posters:
            poster.start()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.1, 1.5))
            kill_at_random(company, dice)
        stop.set()
        for poster in posters:
            poster.join(20)
        answered = {title for poster in posters for title in poster.answered}
        assert len(answered) >= KILLS
        judge(company, hook, answered)


def judge(company: Company, hook: Hook, answered: set[str]) -> None:
    """By what the receivers took."""

    def paged() -> set[str]:
        texts = subjects(company)
        return {title for title in answered if any(f"{title} " in text or f"{title}." in text for text in texts)}

    wait_until(lambda: paged() == answered, seconds=120, what=f"the mails of {len(answered)} alerts")
    wait_until(lambda: len(hook.taken) >= len(answered), seconds=60, what="the webhooks")
    ids = Counter(str(mail.message["Message-ID"]) for mail in company.mail.to("ben@example.com"))
    doubles = {name: count for name, count in ids.items() if count > 1}
    assert sum(count - 1 for count in doubles.values()) <= KILLS
    labelled = int(
        company.python(
            "from firstcall.respond.models.page import Page\nprint(Page.objects.filter(maybe_twice=True).count())"
        )
    )
    assert labelled >= len(doubles)
    again = sum(count - 1 for count in hook.taken.values())
    print(f"{len(answered)} answered, {KILLS} kills: 0 lost; mails twice {len(doubles)}, webhook repeats {again}")


def subjects(company: Company) -> list[str]:
    """The subjects of Ben's mails, each ending so that 'Alert 1-1' is not found in 'Alert 1-10'."""
    return [str(mail.message["Subject"]) + " " for mail in list(company.mail.to("ben@example.com"))]
