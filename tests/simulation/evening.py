"""One simulated evening, wholly decided by its seed.

The rows, commands, claims and handlers are the product's own. Invented are the clock, the provider (takes it, refuses
it for now, takes it and the answer is lost, is slow), the people (answer, pass on, forget) and the crashes: each commit
is a place where a worker may die. Judged is the provider's own log, never the product's word.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from django.db.models import Q

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.commands.lease import LEASE, carry, claim_jobs, settle_results
from firstcall.deliver.kinds import Parcel, Refusal, Sent
from firstcall.deliver.models.job import Attempt, Job, State
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source
from firstcall.kernel import clock
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import Access, User
from firstcall.respond.commands.escalation import acknowledge, pass_on
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.page import Page

START = dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)
TAKEN = (EscalationState.ACKNOWLEDGED, EscalationState.ENDED)


class Crash(Exception):
    """A worker died here: what it held in memory is gone, what was committed stays."""


@dataclass(slots=True)
class Taken:
    """One message the provider has: when, under which key, for whom, and whether its sender learned of it."""

    at: dt.datetime
    key: str
    to: str
    known: bool


@dataclass(slots=True)
class Provider:
    """Keeps its own log. `honours_key` False: like mail, it takes a repeat as a second message."""

    dice: random.Random
    honours_key: bool
    flaky: bool = True
    log: list[Taken] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def send(self, parcel: Parcel) -> Sent | Refusal:
        fate = self.dice.random() if self.flaky else 1.0
        if fate < 0.10:
            self.seen["refused for now"] += 1
            raise Failed("421 later")
        if fate < 0.15:
            self.seen["silence, not taken"] += 1
            raise Failed("no answer", maybe_arrived=True)
        lost = fate < 0.20
        again = self.honours_key and any(taken.key == parcel.key for taken in self.log)
        if not again:
            self.log.append(Taken(clock.now(), parcel.key, parcel.to, known=not lost))
        if lost:
            self.seen["taken, answer lost"] += 1
            raise Failed("no answer", maybe_arrived=True)
        return Sent("250")


class Evening:
    """The world of one seed. `make` has laid source, flow, path and people before."""

    def __init__(self, seed: int, source: Source) -> None:
        self.dice = random.Random(seed)
        self.source = source
        self.now = START
        self.faults = True
        self.mail = Provider(self.dice, honours_key=False)
        self.hook = Provider(self.dice, honours_key=True)
        self.seen: Counter[str] = Counter()
        self.sent: list[str] = []
        self.after_taken: list[str] = []
        self.mood = {user.pk: self.dice.choice(("answers", "forgets", "passes on")) for user in User.objects.all()}

    def maybe_crash(self, where: str) -> None:
        if self.faults and self.dice.random() < 0.04:
            self.seen[f"crash {where}"] += 1
            raise Crash

    def alerts(self) -> None:
        """What came in and was answered 202: sometimes twice, sometimes out of order."""
        names = self.dice.sample(["PaymentsFail", "PaymentsSlow", "CardErrors"], k=self.dice.randint(1, 3))
        if self.dice.random() < 0.3:
            names += names[:1]
            self.seen["sent twice"] += 1
        for name in names:
            alert = {"status": "firing", "labels": {"alertname": name, "severity": "critical", "component": "payments"}}
            body = json.dumps({"version": "4", "alerts": [alert]}).encode()
            Inbox.objects.create(
                source=self.source, kind="alertmanager", received_at=self.now, body=zlib.compress(body)
            )
            self.sent.append(name)

    def worker(self) -> bool:
        """One round of a worker: fold, claim, carry, settle. True when it had something to do."""
        worked = Inbox.objects.filter(state="new").exists() and fold_inbox(now=self.now) > 0
        for lane in self._lanes_with_work():
            claims = claim_jobs(lane=lane, now=self.now, at_most=self.dice.randint(1, 8))
            if not claims:
                continue
            worked = True
            self.maybe_crash("after the claim")
            results = []
            for claim in claims:
                if claim.kind == "respond.page":
                    self._note_taken(claim.payload)
                results.append(carry(claim, channels={"mail": self.mail, "webhook": self.hook}, now=self.now))
                self.maybe_crash("after the send")
                if self.faults and self.dice.random() < 0.02:
                    self.seen["lease lost while sending"] += 1
                    self.now += LEASE + dt.timedelta(seconds=1)
            settle_results(results, now=self.now)
            self.maybe_crash("after the result")
        return worked

    def _lanes_with_work(self) -> list[str]:
        """Lanes in which a job is due or a lease has run out: a worker is woken for no other."""
        due = Q(state=State.WAITING, due__lte=self.now) | Q(state=State.LEASED, lease_until__lte=self.now)
        return sorted(set(Job.objects.filter(due).values_list("lane", flat=True)))

    def _note_taken(self, payload: str) -> None:
        """Before a page is carried: whether somebody has it already, so that a send now would be wrong."""
        number = json.loads(payload)["page"]
        page = Page.objects.select_related("escalation").get(pk=number)
        if page.escalation.state in TAKEN:
            self.after_taken.append(page.attempt_key)

    def people(self) -> None:
        """Those whom a message reached do what is in their nature."""
        reached = {taken.key for taken in self.mail.log + self.hook.log}
        if not reached:
            return
        for page in Page.objects.filter(attempt_key__in=reached, answer="").select_related("user", "escalation"):
            if self.dice.random() < 0.7:
                continue
            mood = self.mood[page.user_id]
            by = Actor("link", page.user_id, page.user.name)
            try:
                if mood == "answers":
                    acknowledge(page=page, by=by, now=self.now)
                elif mood == "passes on":
                    pass_on(page=page, by=by, now=self.now)
            except Refused:
                self.seen["too late"] += 1

    def step(self) -> None:
        for _ in range(2):
            with suppress(Crash):
                self.worker()
        self.people()
        self.now += dt.timedelta(seconds=self.dice.choice((1, 5, 20, 60, 120)))

    def run(self) -> None:
        """Faults for a while, then calm until nothing is left to do."""
        with clock.read_from(lambda: self.now):
            self.alerts()
            for _ in range(self.dice.randint(3, 10)):
                self.step()
            self.faults = self.mail.flaky = self.hook.flaky = False
            for _ in range(60):
                due = Job.objects.filter(state__in=(State.WAITING, State.LEASED)).order_by("due").first()
                waiting = Inbox.objects.filter(state="new").exists()
                if due is None and not waiting:
                    break
                if due is not None and not waiting:
                    self.now = max(self.now, due.lease_until or due.due)
                self.worker()
                self.people()

    def judge(self) -> list[str]:
        """Every promise that was broken, in words."""
        broken = []
        titles = set(Alert.objects.values_list("title", flat=True))
        broken += [f"S1: {name} was answered 202 and is nowhere" for name in set(self.sent) - titles]
        broken += self._judge_doubles()
        broken += self._judge_people()
        broken += [f"S4: {key} was sent after somebody had it" for key in self.after_taken if self._sent_late(key)]
        left = Job.objects.filter(state__in=(State.WAITING, State.LEASED)).values_list("kind", "reason")
        broken += [f"L1: {kind} is left undone: {reason}" for kind, reason in left]
        parked = Job.objects.filter(state=State.PARKED).values_list("kind", "reason")
        broken += [f"L1: {kind} was given up: {reason}" for kind, reason in parked]
        broken += self._judge_end()
        return broken

    def _judge_doubles(self) -> list[str]:
        broken = []
        hook = Counter(taken.key for taken in self.hook.log)
        broken += [f"S2: the webhook {key} counted {n} times" for key, n in hook.items() if n > 1]
        for key, count in Counter(taken.key for taken in self.mail.log).items():
            if count == 1:
                continue
            unknown = Attempt.objects.filter(job__key=key, outcome="unknown").count()
            labelled = Attempt.objects.filter(job__key=key, maybe_twice=True).exists()
            if count > 1 + unknown:
                broken.append(f"S2: the mail {key} went out {count} times, {unknown} of unknown fate")
            if not labelled:
                broken.append(f"S2: the mail {key} went out {count} times and nobody is told")
        return broken

    def _judge_people(self) -> list[str]:
        allowed = {user.email for user in User.objects.filter(access__in=(Access.ADMIN, Access.RESPONDER))}
        allowed |= {"http://127.0.0.1/hook"}
        return [f"S3: {taken.to} was paged" for taken in self.mail.log + self.hook.log if taken.to not in allowed]

    def _sent_late(self, key: str) -> bool:
        page = Page.objects.select_related("escalation").get(attempt_key=key)
        ended = page.escalation.acknowledged_at or page.escalation.ended_at
        return any(t.key == key and ended is not None and t.at > ended for t in self.mail.log + self.hook.log)

    def _judge_end(self) -> list[str]:
        escalations = list(Escalation.objects.all())
        if not escalations:
            return ["L3: nobody was ever paged"]
        broken = [f"L3: escalation {row.pk} never ended" for row in escalations if row.state == EscalationState.RUNNING]
        for row in escalations:
            if row.state == EscalationState.EXHAUSTED:
                told = {page.user_id for page in row.pages.filter(sent_at__isnull=False)}
                admins = set(User.objects.filter(access=Access.ADMIN).values_list("pk", flat=True))
                broken += [f"L3: nobody answered and admin {number} was not told" for number in admins - told]
        return broken
