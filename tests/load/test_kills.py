"""kill -9 of web, worker or both at random moments: no signal that was answered 2xx goes unpaged (F1, F2).

The oracle is what the receivers took: a mail server and a webhook that honours the key. Each alert has one key at the
webhook and one Message-ID at the mail server. A mail may come again under its Message-ID once for each try whose fate
a kill left unknown, and that very page is labelled. Without kills nothing comes twice.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.journeys.company import Company, wait_until

KILLS = int(os.environ.get("FIRSTCALL_KILLS", "40"))
SLOW = 0.6  # seconds before a receiver answers, so that kills meet messages taken but not yet answered
PACE = 0.8  # seconds between two alerts of a sender: about what a worker carries that is killed every other second
AGES = (0.5, 2.5)  # seconds a process lives until it is killed: some while they start, most when they work
TITLE = re.compile(r"Alert \d+-\d+")

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


# What the product says of itself about each mail: tries of unknown fate, and whether the doubt is shown.
DOUBTS = """
import json
from django.conf import settings
from firstcall.deliver.channels.mail.form import message_id
from firstcall.deliver.models.job import Attempt, Job
from firstcall.respond.models.page import Page
said = {}
for job in Job.objects.filter(kind="respond.page"):
    unknown = Attempt.objects.filter(job=job, outcome="unknown").count()
    labelled = Attempt.objects.filter(job=job, maybe_twice=True).exists()
    page = Page.objects.get(pk=job.payload["page"])
    said[message_id(job.key, base_url=settings.BASE_URL)] = [unknown, labelled and page.maybe_twice]
print(json.dumps(said))
"""


class Hook:
    """A webhook receiver: counts each key; a repeat of a key has no effect, as its senders are told."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.keys: defaultdict[str, set[str]] = defaultdict(set)
        self.pause = 0.0
        lock, hook = threading.Lock(), self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    hook.taken[self.headers["webhook-id"]] += 1
                    hook.keys[json.loads(body)["title"]].add(self.headers["webhook-id"])
                time.sleep(hook.pause)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a sender that is killed hangs up
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def __enter__(self) -> Hook:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


# Without the growing pauses that the supervisor makes for a program which keeps falling.
AT_ONCE = "from firstcall.web.cli import up; up.PAUSES = (0.0,)"


def children(parent: int) -> dict[str, tuple[int, float]]:
    """The processes that `up` started, by their role: number and age in seconds."""
    found = {}
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(stat[1]) != parent or stat[0] == "Z":
                continue
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError, ValueError):
            continue
        for role in ("web", "worker"):
            if role.encode() in words:
                found[role] = int(entry.name), uptime - int(stat[19]) / os.sysconf("SC_CLK_TCK")
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
            time.sleep(PACE)

    def _send(self, body: bytes) -> bool:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return bool(200 <= reply.status < 300)
        except (urllib.error.URLError, OSError):
            return False


def kill_at_random(company: Company, dice: random.Random, killed: set[int]) -> None:
    """Web, worker, or both, each at a random age; a worker half the time just when a mail server has taken a mail."""
    for role in dice.choice((("web",), ("worker",), ("worker",), ("web", "worker"))):
        at_work = role == "worker" and dice.random() < 0.5
        age, end, seen = dice.uniform(*AGES), time.monotonic() + 60, 0
        while True:
            number, lived = children(company.process.pid).get(role, (0, 0.0))
            there = bool(number) and number not in killed  # one that was killed may take a moment to go
            if there and lived >= age and (not at_work or len(company.mail.taken) > seen or lived > 8):
                break
            if not there:
                seen = len(company.mail.taken)
            assert time.monotonic() < end, f"{role} was not started again"
            time.sleep(0.02)
        if at_work:
            time.sleep(dice.uniform(0, SLOW))
        os.kill(number, signal.SIGKILL)
        killed.add(number)


@contextmanager
def posting(company: Company, hook: Hook) -> Iterator[list[Poster]]:
    """Three senders of alerts, for as long as the block lasts."""
    key = company.python(LAY.format(hook=hook.url))
    stop = threading.Event()
    posters = [Poster(f"{company.url}/in/{key}/generic", str(n), stop) for n in range(3)]
    for poster in posters:
        poster.start()
    try:
        yield posters
    finally:
        stop.set()
        for poster in posters:
            poster.join(20)


def answered_of(posters: list[Poster]) -> set[str]:
    return {title for poster in posters for title in poster.answered}


@pytest.mark.slow
@pytest.mark.timeout(600 + 20 * KILLS)
def test_no_answered_signal_is_lost_and_no_webhook_counts_twice(tmp_path: Path, store: str) -> None:
    dice, killed = random.Random(KILLS), set[int]()
    with Company(tmp_path, database_url=store, prelude=AT_ONCE) as company, Hook() as hook:
        company.mail.pause = hook.pause = SLOW
        with posting(company, hook) as posters:
            for _ in range(KILLS):
                kill_at_random(company, dice, killed)
        answered = answered_of(posters)
        assert len(killed) >= KILLS
        assert len(answered) >= KILLS // 2
        judge(company, hook, answered, kills=KILLS)


@pytest.mark.slow
def test_without_kills_nothing_comes_twice(tmp_path: Path, store: str) -> None:
    with Company(tmp_path, database_url=store) as company, Hook() as hook:
        company.mail.pause = hook.pause = SLOW
        with posting(company, hook) as posters:
            wait_until(lambda: len(answered_of(posters)) >= 30, seconds=60, what="30 answers")
        assert judge(company, hook, answered_of(posters), kills=0) == 0
        assert set(hook.taken.values()) == {1}


def wait_for_all(answered: set[str], taken: Callable[[], set[str]], what: str) -> None:
    """Until each alert that was answered was heard of; fails with those that were not."""
    with suppress(AssertionError):
        wait_until(lambda: taken() >= answered, seconds=120)
    assert answered - taken() == set(), f"{what} of {len(answered)} alerts that never came"


def judge(company: Company, hook: Hook, answered: set[str], *, kills: int) -> int:
    """By what the receivers took; how many mails came more than once."""
    wait_for_all(answered, lambda: set(mails(company)), "mails")
    wait_for_all(answered, lambda: set(hook.keys), "webhooks")
    found = mails(company)
    assert {title: keys for title, keys in hook.keys.items() if len(keys) > 1} == {}
    assert {title: ids for title, ids in found.items() if len(set(ids)) > 1} == {}
    doubles = {ids[0]: len(ids) - 1 for ids in found.values() if len(ids) > 1}
    said = json.loads(company.python(DOUBTS))
    for name, more in doubles.items():
        unknown, labelled = said[name]
        assert more <= unknown, f"{name} came {more + 1} times, {unknown} tries are of unknown fate"
        assert labelled, f"{name} came {more + 1} times and nobody is told"
    again = sum(count - 1 for count in hook.taken.values())
    print(
        f"\nfound: {kills} kills: {len(answered)} alerts answered, 0 lost; {len(doubles)} mails came twice, each"
        f" labelled; {again} webhooks asked again under the same key, 0 doubles"
    )
    return sum(doubles.values())


def mails(company: Company) -> dict[str, list[str]]:
    """The Message-IDs of Ben's mails, by the title of the alert each is about."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for mail in list(company.mail.to("ben@example.com")):
        title = TITLE.search(str(mail.message["Subject"]))
        if title is not None:
            found[title.group()].append(str(mail.message["Message-ID"]))
    return found
