"""The worker: lanes of threads that carry jobs, woken by commits and by the next due time.

Each lane has one dispatcher, which claims, renews and settles in batches, and a few senders, which carry. A lane never
holds more than its senders can start within half a lease.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import gc
import os
import queue
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from firstcall.deliver.beat import beat
from firstcall.deliver.channels.mail.transport import MailChannel
from firstcall.deliver.channels.webhook.transport import WebhookChannel
from firstcall.deliver.commands.lease import (
    LEASE,
    Channel,
    Claim,
    Result,
    carry,
    claim_jobs,
    free_leases,
    renew_leases,
    settle_results,
)
from firstcall.deliver.kinds import MANAGERS, Manager
from firstcall.deliver.models.job import Lane
from firstcall.deliver.queries.clock import store_now
from firstcall.deliver.queries.due import next_dues
from firstcall.journal.commands.entry import number_entries
from firstcall.journal.wake import Wakeup
from firstcall.kernel.refusal import Refused

log = structlog.get_logger()

SENDERS = {Lane.PAGE: 8, Lane.FOLD: 1, Lane.UPDATE: 4, Lane.BULK: 4, Lane.FEEDS: 2, Lane.UPKEEP: 1}
# In a flood the door answers first; folding still has a quarter of a core to itself.
NICE: dict[str, int] = {Lane.FOLD: 5}
BATCH = 500
FIRST_PACE = 200.0  # jobs a second and sender, until this lane has measured its own
IDLE = 5.0  # seconds: the longest sleep, so that a lost wake-up costs no more
GATHER = 0.03  # seconds in which a busy lane gathers results, so that one commit settles many
CALM = 0.05  # seconds between two wake-ups: a flood of commits must not keep every lane asking
DRAIN = 2.0  # seconds given to sends in flight at the end; what is left keeps its lease and is sent again


def default_channels() -> dict[str, Channel]:
    """The channels of this installation."""
    return {"mail": MailChannel(), "webhook": WebhookChannel()}


class LaneRunner(threading.Thread):
    """One lane: this thread dispatches, `senders` threads carry."""

    def __init__(
        self, lane: str, *, channels: Mapping[str, Channel], stop: threading.Event, senders: int, holder: str
    ) -> None:
        super().__init__(name=f"lane-{lane}", daemon=True)
        self.lane, self.channels, self.stop = lane, channels, stop
        self.senders, self.holder = senders, holder
        self.news = threading.Event()
        self.awake_at: dt.datetime | None = None  # when it means to look again; None while it is looking
        self.todo: queue.SimpleQueue[Claim | None] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self.in_hand: dict[int, Claim] = {}
        self.pace = FIRST_PACE * senders  # jobs a second this lane carried lately
        self.renewed = time.monotonic()

    def run(self) -> None:
        carriers = [threading.Thread(target=self._carry, daemon=True) for _ in range(self.senders)]
        for carrier in carriers:
            carrier.start()
        while not self.stop.is_set():
            self.awake_at = None
            try:
                pause = self._round()
                self.awake_at = store_now() + dt.timedelta(seconds=pause)
            except DatabaseError as error:
                log.warning("lane.store_failed", lane=self.lane, error=str(error))
                connection.close()
                pause = 0.5
            self.news.wait(pause)
            if len(self.in_hand) > self.senders:
                self.stop.wait(GATHER)
            self.news.clear()
        self._drain(carriers)

    def hear(self, due: dt.datetime | None) -> None:
        """There was a commit, and the lane's next due time is `due`: look again if that is sooner than planned."""
        awake_at = self.awake_at
        if due is not None and (awake_at is None or due < awake_at):
            self.news.set()

    def _drain(self, carriers: list[threading.Thread]) -> None:
        for _ in carriers:
            self.todo.put(None)
        end = time.monotonic() + DRAIN
        for carrier in carriers:
            carrier.join(max(0.0, end - time.monotonic()))
        try:
            self._settle()
        except DatabaseError as error:
            log.warning("lane.store_failed", lane=self.lane, error=str(error))
        connection.close()

    def _round(self) -> float:
        """Settle, renew, claim; how long to sleep when nothing happens."""
        self._settle()
        self._renew()
        room, due = self._room(), self._next_due()
        if room > 0 and due is not None and due <= store_now():
            # Only now the gate: a wake-up that brings this lane nothing costs no writer anything.
            if self._claim(room) == room:
                return 0.0
            due = self._next_due()
        if due is None or room <= 0:
            return IDLE if not self.in_hand else LEASE.total_seconds() / 3
        wait = (due - store_now()).total_seconds()
        return min(max(wait, 0.001), IDLE)

    def _next_due(self) -> dt.datetime | None:
        return next_dues([self.lane]).get(self.lane)

    def _claim(self, room: int) -> int:
        """Claim all there is room for before the senders start, so that no claim waits for them; how many."""
        claims: list[Claim] = []
        while len(claims) < room:
            batch = claim_jobs(
                lane=self.lane, now=store_now(), at_most=min(BATCH, room - len(claims)), holder=self.holder
            )
            claims += batch
            if len(batch) < BATCH:
                break
        for claim in claims:
            self.in_hand[claim.pk] = claim
            self.todo.put(claim)
        return len(claims)

    def _room(self) -> int:
        """How many more this lane's senders can start within half a lease, by its own pace."""
        most = max(self.senders * 2, int(self.pace * LEASE.total_seconds() / 2))
        return most - len(self.in_hand)

    def _settle(self) -> None:
        done: list[Result] = []
        while len(done) < BATCH:
            try:
                done.append(self.results.get_nowait())
            except queue.Empty:
                break
        if done:
            settle_results(done, now=store_now())
            for result in done:
                self.in_hand.pop(result.claim.pk, None)
            if not self.results.empty():
                self.news.set()

    def _renew(self) -> None:
        if time.monotonic() - self.renewed < LEASE.total_seconds() / 3:
            return
        self.renewed = time.monotonic()
        if self.in_hand:
            renew_leases(claims=list(self.in_hand.values()), now=store_now())

    def _carry(self) -> None:
        while (claim := self.todo.get()) is not None and not self.stop.is_set():
            began = time.monotonic()
            result = carry(claim, channels=self.channels, now=store_now())
            took = max(time.monotonic() - began, 1e-4)
            self.pace += 0.05 * (self.senders / took - self.pace)
            self.results.put(result)
            self.news.set()
            connection.close_if_unusable_or_obsolete()  # the store may have been away: the next job asks it anew
        connection.close()


class ManagerRunner(threading.Thread):
    """Calls one manager at every wake, again while it finds work.

    The first call after a quiet time comes at once. Rounds that leave nothing to do begin a rest apart, so that under a
    steady stream of commits each carries what came in meanwhile instead of a handful, or of nothing.
    """

    def __init__(self, manager: Manager, *, stop: threading.Event) -> None:
        super().__init__(name=manager.name, daemon=True)
        self.manager, self.stop = manager, stop
        self.news = threading.Event()

    def run(self) -> None:
        _step_back(NICE.get(self.manager.lane, 0))
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                found = self.manager.run(now=store_now())
            except Exception as error:  # a manager's bug must not end it: it is said, and tried again
                log.error("manager.failed", manager=self.manager.name, error=f"{type(error).__name__}: {error}")
                connection.close()
                found, pause = 0, 1.0
            else:
                pause = self.manager.every
            if found == 0:
                self.news.wait(pause)
                self.stop.wait(max(0.0, began + self.manager.rest - time.monotonic()))
                self.news.clear()
        connection.close()


def _step_back(steps: int) -> None:
    """On Linux, where niceness is a thread's own: take less than an equal share of a core that others want too."""
    if steps and sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), steps)


@contextmanager
def only_worker_here() -> Iterator[str]:
    """Hold `<data>/worker.lock` and yield this node's name.

    The kernel lets go of the lock when a worker dies, however it dies: whoever gets it knows that the last worker of
    this node is gone, and may take back its leases at once instead of waiting for their end.
    """
    folder = Path(settings.DATA)
    name = folder / "node.id"
    if not name.exists():
        name.write_text(secrets.token_hex(8))
    with (folder / "worker.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Another worker already serves the data folder {folder}.") from None
        yield name.read_text().strip()


def run(stop: threading.Event, *, channels: Mapping[str, Channel] | None = None) -> None:
    """Serve every lane until `stop` is set; sends in flight get two seconds, the rest keep their leases.

    Raises Refused when another worker serves the same data folder.
    """
    chosen = default_channels() if channels is None else channels
    gc.collect()
    gc.freeze()  # what stands now stays: later rounds of the collector need not look at it again
    with only_worker_here() as holder:
        while free_leases(now=store_now(), holder=holder):
            pass
        _serve(stop, channels=chosen, holder=holder)


def _serve(stop: threading.Event, *, channels: Mapping[str, Channel], holder: str) -> None:
    lanes = [
        LaneRunner(lane, channels=channels, stop=stop, senders=count, holder=holder) for lane, count in SENDERS.items()
    ]
    managers = [ManagerRunner(manager, stop=stop) for manager in MANAGERS.values()]
    threads: list[LaneRunner | ManagerRunner] = [*lanes, *managers]
    for thread in threads:
        thread.start()
    _listen(lanes, managers, stop=stop)
    for thread in threads:
        thread.news.set()
    end = time.monotonic() + DRAIN + 0.5
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def _listen(lanes: list[LaneRunner], managers: list[ManagerRunner], *, stop: threading.Event) -> None:
    """At every commit of any process: number the journal where the store leaves that to us, wake whom it concerns."""
    names = [lane.lane for lane in lanes]
    said = float("-inf")
    while not stop.is_set():
        try:
            with Wakeup() as wakeup:
                while not stop.is_set():
                    if time.monotonic() - said > IDLE:
                        beat("worker", now=store_now())
                        said = time.monotonic()
                    if wakeup.wait(0.25):
                        while number_entries():
                            pass
                        dues = next_dues(names)
                        for lane in lanes:
                            lane.hear(dues.get(lane.lane))
                        for manager in managers:
                            manager.news.set()
                        stop.wait(CALM)
        except DatabaseError as error:
            log.warning("worker.store_failed", error=str(error))
            connection.close()
            stop.wait(0.5)
