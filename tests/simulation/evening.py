"""One simulated evening, wholly decided by its seed.

The rows, commands, claims and handlers are the product's own. Invented are the clock, the providers, the people (who
answer, pass on, forget, take over a shift, say that it is over), the two workers' turns, and what befalls them: each
commit is a place where one may die, each send a moment in which one may be stopped while the other goes on. `judge.py`
says what was broken.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from unittest.mock import patch

from django.db import connection
from django.db.transaction import Atomic

from firstcall.deliver.commands import lease
from firstcall.deliver.commands.lease import LEASE
from firstcall.deliver.kinds import Parcel
from firstcall.deliver.models.job import Job
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source
from firstcall.kernel import clock
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.schedule import add_override
from firstcall.ready.models.schedule import Schedule
from firstcall.respond.commands.escalation import acknowledge, pass_on
from firstcall.respond.commands.incident import accept_incident, change_state
from firstcall.respond.handlers import page as page_handler
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.page import Page
from firstcall.respond.rules.recurrence import patience
from tests.simulation.provider import Name, Provider, Taken, name_of
from tests.simulation.worker import Worker

START = dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)
HANDOVER = dt.datetime(2026, 11, 20, 21, 57, tzinfo=dt.UTC)  # from Ben to Ada, each day at 22:57 in Berlin
HOOK = "http://127.0.0.1/hook"
SECOND = dt.timedelta(seconds=1)
AFTER = ("fires on", "fires anew", "fires again")  # although somebody said that it is over; one evening in 25


def _bare(job: Job, row: Page, _briefing: object, link: str, *, channel: str, **_: object) -> Parcel:
    return Parcel(channel, to=row.address, key=job.key, text=link, body=link.encode())


class Crash(BaseException):
    """A worker died here: what it held in memory is gone, what was committed stays. No handler may catch it."""


@dataclass(frozen=True, slots=True)
class Town:
    """What every evening begins with: Ben and Ada take turns; he has mail and a webhook, she has mail."""

    source: Source
    schedule: Schedule
    ada: User
    ben: User


class Evening:
    """The world of one seed. `harsh` multiplies how likely each fault is."""

    tonight: ClassVar[Evening]
    harsh = 1.0

    def __init__(self, seed: int, town: Town) -> None:
        self.dice = dice = random.Random(seed)
        self.town = town
        self.now = START + SECOND * dice.randint(0, 150)
        self.rendered = seed % 10 == 0
        self.after = AFTER[seed // 25 % len(AFTER)] if seed % 25 == 7 else ""
        self.fires_since: dt.datetime | None = None  # since when it must wake somebody although it was called over
        self.faults = True
        long_outage = dice.random() < 0.08
        self.steps = 16 if long_outage else dice.randint(2, 7)
        out_until = self.now + SECOND * (600 if long_outage else dice.choice((0, 0, 0, 60)))
        self.mail = Provider(self, honours_key=False, out_until=out_until)
        self.hook = Provider(self, honours_key=True, out_until=out_until)
        self.workers = [Worker(self, "one"), Worker(self, "two")]
        self.mood = {user.pk: dice.choice(("answers", "forgets", "passes on")) for user in (town.ada, town.ben)}
        self.unfolded = 0  # messages in the inbox
        self.alerted_at = self.end = self.now
        self.tick = 0  # counts events, finer than the clock
        self.commits = 0
        self.looked_at, self.next_due = -1, self.now  # the commits when a worker last looked, and the next due time
        self.seen: Counter[str] = Counter()
        self.broken: list[str] = []  # promises broken in the course of the evening
        self.named: list[str] = []  # alerts that were answered 202
        self.overrides: list[tuple[dt.datetime, User]] = []  # shifts taken over, each until long after the evening
        self.had_by: dict[tuple[int, int], int] = {}  # runs that somebody has, and since which tick
        self.passed_on: set[Name] = set()
        self.handled: set[str] = set()  # messages whose reader has made up their mind
        self.spared = False  # while a person acts, or a lease is renewed, no worker dies
        self.doubts: Counter[str] = Counter()  # by key: sends whose fate their sender can't have learned
        self.failed_at: dict[str, dt.datetime] = {}  # by key: when a failure was written down
        self.deferred: list[Callable[[], object]] = []  # only bugs planted by a test use it: work after a commit

    def chance(self, share: float) -> bool:
        """Whether a fault happens that does so in this share of the cases."""
        return self.dice.random() < share * self.harsh

    # What befalls the workers.

    def at_commit(self) -> None:
        """A transaction was committed."""
        self.tick += 1
        self.commits += 1
        working = not self.spared and any(worker.busy for worker in self.workers)
        if self.faults and working and self.chance(0.035):
            self.seen["crash at a commit"] += 1
            self.deferred.clear()
            raise Crash
        while self.deferred:
            self.deferred.pop(0)()

    def maybe_crash(self, where: str) -> None:
        if self.faults and self.chance(0.015):
            self.seen[f"crash {where}"] += 1
            raise Crash

    def advance(self, worker: Worker) -> bool:
        """Let one go on to its next pause. One that dies is started again: at once by its node, or only later."""
        if worker.busy:
            return False
        if worker.stopped_until is not None:
            if self.now < worker.stopped_until:
                return False
            worker.stopped_until = None
        try:
            worked = worker.advance()
            self.maybe_crash("between two steps")
        except Crash:
            self._bury(worker)
            return True
        return worked

    def _bury(self, dead: Worker) -> None:
        for key in [*dead.sent, *([dead.carrying.key] if dead.carrying else [])]:
            self.doubts[key] += 1
        self.workers[self.workers.index(dead)] = Worker(self, dead.holder)
        if self.dice.random() < 0.5:
            self.seen["leases freed at the start"] += 1
            lease.free_leases(now=self.now, holder=dead.holder)

    def stop(self, worker: Worker) -> None:
        """It is stopped, or its machine sleeps, for longer than a lease: nothing is renewed, nothing is forgotten."""
        self.seen["stopped"] += 1
        worker.stopped_until = self.now + LEASE + SECOND * self.dice.randint(1, 60)
        worker.was_stopped = True
        for key in worker.sent:
            self.doubts[key] += 1

    def stop_the_sender(self) -> None:
        """The one that sends just now is stopped after the provider took the message; the other goes on."""
        worker = self._sender()
        self.stop(worker)
        self.pass_time(LEASE + SECOND)
        worker.stopped_until = None
        self.meanwhile()

    def _sender(self) -> Worker:
        """Who sends just now: of two, the one that began last, for the other waits for its provider."""
        return max((worker for worker in self.workers if worker.carrying), key=lambda worker: worker.began)

    def meanwhile(self) -> None:
        """While one sends: the people, and the other worker, do something."""
        self.people(0.5)
        for _ in range(self.dice.randint(2, 6)):
            for worker in self.workers:
                self.advance(worker)

    def pass_time(self, by: dt.timedelta) -> None:
        self.now += by
        with self._no_crash():
            for worker in self.workers:
                if worker.stopped_until is None:
                    worker.renew()

    @contextmanager
    def _no_crash(self) -> Iterator[None]:
        before, self.spared = self.spared, True
        yield
        self.spared = before

    # What the judge is told in the course of it.

    def note_send(self, parcel: Parcel) -> None:
        """A message goes to a provider. Whoever sends has looked at the world since `began`."""
        worker = self._sender()
        worker.sent.append(parcel.key)
        name = name_of(parcel.key)
        had = self.had_by.get(name.run)
        if had is not None and had < worker.began:
            self.broken.append(f"S4: {parcel.key} was sent after somebody had it")
        meant = self.town.ben.email if parcel.to == HOOK else parcel.to
        right = self.on_call().email if name.step == 0 else self.town.ada.email
        if meant != right:
            self.broken.append(f"S3: {parcel.key} went to {parcel.to}, not to {right}")
        failed = self.failed_at.get(parcel.key)
        if failed is not None and self.now - failed < SECOND:
            self.broken.append(f"S5: {parcel.key} was tried again at once")
        early = self.now < self.alerted_at + dt.timedelta(minutes=5)
        if name.step == 1 and early and Name(name.incident, name.generation, 0) not in self.passed_on:
            self.broken.append(f"S6: {parcel.key} was sent before the first had their five minutes")

    def on_call(self) -> User:
        """Who is on call at this instant, reckoned from what this evening knows."""
        for since, user in reversed(self.overrides):
            if since <= self.now:
                return user
        return self.town.ada if self.now >= HANDOVER else self.town.ben

    # What happens in the world.

    def alerts(self) -> None:
        """What came in and was answered 202: sometimes twice, sometimes out of order."""
        names = self.dice.sample(["PaymentsFail", "PaymentsSlow", "CardErrors"], k=self.dice.randint(1, 3))
        if self.dice.random() < 0.3:
            names += names[:1]
            self.seen["sent twice"] += 1
        self._send(names, "firing")

    def _send(self, names: list[str], status: str) -> None:
        rows = []
        for name in names:
            alert = {"status": status, "labels": {"alertname": name, "severity": "critical", "component": "payments"}}
            body = zlib.compress(json.dumps({"version": "4", "alerts": [alert]}).encode())
            rows.append(Inbox(source=self.town.source, kind="alertmanager", received_at=self.now, body=body))
            self.named.append(name)
        Inbox.objects.bulk_create(rows)
        self.unfolded += len(rows)

    def people(self, eagerness: float) -> None:
        """Those whom a message reached do what is in their nature, or nothing yet."""
        for taken in self.mail.log + self.hook.log:
            if taken.key not in self.handled and self.dice.random() < eagerness:
                with self._no_crash():
                    self._read(taken)

    def _read(self, taken: Taken) -> None:
        """A message's reader follows its link, or does not."""
        self.handled.add(taken.key)
        name = name_of(taken.key)
        page = Page.objects.select_related("user").get(token_digest=digest(taken.link))
        mood = self.mood[page.user_id]
        by = Actor("link", page.user_id, page.user.name)
        try:
            if mood == "answers":
                acknowledge(page=page, by=by, now=self.now)
                self.had_by.setdefault(name.run, self.tick)
                self.seen["answered"] += 1
            elif mood == "passes on":
                pass_on(page=page, by=by, now=self.now)
                self.passed_on.add(name)
                self.seen["passed on"] += 1
        except (Refused, Gone):
            self.seen["too late"] += 1

    def _take_over(self) -> None:
        """Somebody takes over the shift, from now or a minute from now."""
        user = self.dice.choice((self.town.ada, self.town.ben))
        since = self.now + SECOND * self.dice.choice((0, 60))
        by = Actor("person", user.pk, user.name)
        with self._no_crash():
            add_override(
                schedule=self.town.schedule, user=user, starts=since, ends=since + dt.timedelta(hours=5), by=by,
                now=self.now,
            )  # fmt: skip
        self.overrides.append((since, user))
        self.seen["shift taken over"] += 1

    def step(self) -> None:
        for _ in range(self.dice.randint(2, 8)):
            worker = self.dice.choice(self.workers)
            if worker.in_hand and self.chance(0.03):
                self.stop(worker)
            self.advance(worker)
            self.people(0.1)
        if self.dice.random() < 0.06:
            self._take_over()
        self.pass_time(SECOND * self.dice.choice((1, 2, 5, 20, 60, 120)))

    def run(self) -> None:
        """Faults for a while, then a calm hour, or until nothing is left to do. Some evenings go on after it."""
        Evening.tonight = self
        with clock.read_from(lambda: self.now), self._commits_watched(), self._words():
            self.alerts()
            self._trouble(self.steps)
            self._calm(dt.timedelta(hours=1))
            if self.after:
                self._after()

    def _trouble(self, steps: int) -> None:
        self.faults = True
        for _ in range(steps):
            self.step()

    def _calm(self, at_most: dt.timedelta) -> None:
        self.faults = False
        self.end = self.now + at_most
        for worker in self.workers:
            worker.stopped_until = None
        for _ in range(200):
            worked = [self.advance(worker) for worker in self.workers]
            if any(worked):
                continue
            self.people(1.0)
            if self.looked_at == self.commits:
                if self.next_due > self.end and not self.unfolded:
                    break
                self.pass_time(max(SECOND, min(self.next_due, self.end) - self.now))

    def _after(self) -> None:
        """Ada says that it is over: it fires on, or it was quiet and fires again, or something else of it fires.

        `fires_since` is when it has to wake somebody: what fires on gets the patience her word has.
        """
        way = self.after
        self.seen[way] += 1
        if way == "fires again":
            self._send(sorted({*self.named}), "resolved")
            self._calm(SECOND * 60)
        self._resolve()
        if way == "fires on":
            self.fires_since = self.alerted_at = self.now + patience(1)
            self.pass_time(patience(1))
        else:
            self.pass_time(SECOND * self.dice.randint(0, 60 if way == "fires anew" else 5400))
            self.fires_since = self.alerted_at = self.now
            self._send(["PaymentsGone"] if way == "fires anew" else self.named[:1], "firing")
        self._trouble(self.dice.randint(1, 2))
        self._calm(dt.timedelta(hours=1))

    def _resolve(self) -> None:
        by = Actor("person", self.town.ada.pk, self.town.ada.name)
        with self._no_crash():
            incident = accept_incident(incident=Incident.objects.get(), by=by, now=self.now)
            change_state(
                incident=incident, state=State.RESOLVED, reason="It looks well", all_the_same=True, by=by, now=self.now
            )

    @contextmanager
    def _words(self) -> Iterator[None]:
        """Every tenth evening renders its messages; the others carry their link alone, which is all that is judged."""
        if self.rendered:
            yield
            return
        with (
            patch.object(page_handler, "briefing_of", lambda *_, **__: None),
            patch.object(page_handler, "_mail", partial(_bare, channel="mail")),
            patch.object(page_handler, "_webhook", partial(_bare, channel="webhook")),
        ):
            yield

    @contextmanager
    def _commits_watched(self) -> Iterator[None]:
        """Each transaction that is outermost but for the evening's own is a commit."""
        leave, depth = Atomic.__exit__, len(connection.savepoint_ids)

        def watched(atomic: Any, kind: Any, error: Any, trace: Any) -> None:
            leave(atomic, kind, error, trace)
            if kind is None and len(connection.savepoint_ids) == depth:
                self.at_commit()

        Atomic.__exit__ = watched  # type: ignore[method-assign]
        try:
            yield
        finally:
            Atomic.__exit__ = leave  # type: ignore[method-assign]
