"""A simulated worker: the product's own claim, carry, renew and settle, with a pause wherever another may act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.commands import lease
from firstcall.deliver.commands.lease import Claim, Result
from firstcall.detect.commands.fold import fold_inbox

if TYPE_CHECKING:
    from tests.simulation.evening import Evening

OPEN = """
SELECT lane, CASE state WHEN 'waiting' THEN due ELSE lease_until END
FROM deliver_job WHERE state IN ('waiting', 'leased')
"""
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class Worker:
    """`holder` is its node's name. What it holds in memory is gone when it dies; what was committed stays."""

    def __init__(self, evening: Evening, holder: str) -> None:
        self.evening, self.holder = evening, holder
        self.in_hand: list[Claim] = []
        self.sent: list[str] = []  # keys of the batch that went out and whose results are not written
        self.carrying: Claim | None = None
        self.renewed = evening.now
        self.stopped_until: dt.datetime | None = None
        self.was_stopped = False  # since it took its batch
        self.began = 0  # the tick at which it began to carry
        self.busy = False
        self._rounds = self._work()

    def advance(self) -> bool:
        """On to its next pause; True when it did something. Raises Crash when it dies."""
        self.busy = True
        try:
            return next(self._rounds)
        finally:
            self.busy = False

    def renew(self) -> None:
        """What its dispatcher does at least each third of a lease, as long as it runs."""
        if self.in_hand and self.evening.now - self.renewed >= lease.LEASE / 3:
            lease.renew_leases(claims=self.in_hand, now=self.evening.now)
            self.renewed = self.evening.now

    def _work(self) -> Iterator[bool]:
        evening = self.evening
        while True:
            worked = False
            if evening.unfolded:
                folded = fold_inbox(now=evening.now)
                evening.unfolded = evening.unfolded - folded if folded else 0
                worked = folded > 0
                yield worked
            for lane in self._lanes_with_work():
                self.in_hand = lease.claim_jobs(
                    lane=lane, now=evening.now, at_most=evening.dice.randint(1, 8), holder=self.holder
                )
                self.renewed, self.was_stopped = evening.now, False
                if self.in_hand:
                    worked = True
                    yield True
                    yield from self._carry_all()
            yield worked

    def _lanes_with_work(self) -> list[str]:
        """Lanes in which a job is due or a lease has run out: a worker is woken by commits and by the next due time."""
        evening = self.evening
        if evening.looked_at == evening.commits and evening.now < evening.next_due:
            return []
        lanes: set[str] = set()
        evening.looked_at, evening.next_due = evening.commits, NEVER
        for lane, moment in self._open_jobs():
            if moment <= evening.now:
                lanes.add(lane)
            evening.next_due = min(evening.next_due, moment)
        return sorted(lanes)

    def _open_jobs(self) -> Iterator[tuple[str, dt.datetime]]:
        """The lane of each open job, and when it is due or its lease ends. Plain SQL: nothing is asked as often."""
        with connection.cursor() as cursor:
            cursor.execute(OPEN)
            for lane, moment in cursor.fetchall():
                if isinstance(moment, str):  # SQLite's own form, in UTC
                    moment = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
                yield lane, moment

    def _carry_all(self) -> Iterator[bool]:
        evening, results = self.evening, []
        channels = {"mail": evening.mail, "webhook": evening.hook}
        for claim in self.in_hand:
            self.carrying = claim
            evening.tick += 1
            self.began = evening.tick
            result = lease.carry(claim, channels=channels, now=evening.now)
            self.carrying = None
            results.append(result)
            yield True
        lease.settle_results(results, now=evening.now)
        self._note_settled(results)
        self.in_hand, self.sent = [], []
        yield True

    def _note_settled(self, results: list[Result]) -> None:
        for result in results:
            if isinstance(result.outcome, Failed) and not self.was_stopped:
                self.evening.failed_at[result.claim.key] = self.evening.now
