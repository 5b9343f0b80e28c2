"""The registry of job kinds: what the worker runs.

Two sorts. A **store** job changes rows: its handler runs in the transaction that marks the job done, so it happens
once. A **send** job reaches outside: `prepare` says what to send (or why not), the channel sends with no transaction
open, and `settled` writes what follows in the transaction that marks the job done. A send may be repeated with the
same key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from firstcall.deliver.models.job import Job


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to send. `key` is the job's attempt key; channels turn it into Message-ID or Idempotency-Key."""

    channel: str
    to: str
    key: str
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing to send any more, with the reason: the job ends well."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it. `maybe_twice`: an earlier try may have arrived too and the receiver can't tell."""

    detail: str = ""
    maybe_twice: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The provider said no for good (an address that isn't there): parked at once, with the reason."""

    reason: str


class Store(Protocol):
    def __call__(self, job: Job, *, now: dt.datetime) -> None: ...


class Prepare(Protocol):
    def __call__(self, job: Job, *, now: dt.datetime) -> Parcel | Skip: ...


class Settled(Protocol):
    def __call__(self, job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None: ...


def nothing_follows(job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None:
    """The default of `settled`."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """`store` or `prepare` is set, never both. After `tries` failed tries the job is parked (pages: never)."""

    name: str
    lane: str
    store: Store | None = None
    prepare: Prepare | None = None
    settled: Settled = nothing_follows
    tries: int = 8


JOB_KINDS: dict[str, JobKind] = {}


def _add(kind: JobKind) -> None:
    if kind.name in JOB_KINDS:
        raise ValueError(f"the job kind {kind.name} is declared twice")
    JOB_KINDS[kind.name] = kind


def stores(name: str, *, lane: str, tries: int = 8) -> Callable[[Store], Store]:
    """Declare the handler of a store job: `@stores("respond.escalation_step", lane="page")`."""

    def declare(handler: Store) -> Store:
        _add(JobKind(name, lane, store=handler, tries=tries))
        return handler

    return declare


def sends(name: str, *, lane: str, settled: Settled = nothing_follows, tries: int = 8) -> Callable[[Prepare], Prepare]:
    """Declare the handler of a send job; the decorated function is its `prepare`."""

    def declare(prepare: Prepare) -> Prepare:
        _add(JobKind(name, lane, prepare=prepare, settled=settled, tries=tries))
        return prepare

    return declare


class Run(Protocol):
    def __call__(self, *, now: dt.datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Manager:
    """Named, idempotent work without rows in the job table, such as folding the inbox.

    Called at every wake of its lane and at least every `every` seconds; again at once while it returns more than 0, and
    otherwise no sooner than `rest` seconds after it last began, however often it is woken. Two workers may call it at
    the same time: it guards itself.
    """

    name: str
    lane: str
    run: Run
    every: float
    rest: float


MANAGERS: dict[str, Manager] = {}


def manages(name: str, *, lane: str, every: float = 1.0, rest: float = 0.0) -> Callable[[Run], Run]:
    """Declare a manager: `@manages("detect.fold", lane="fold")`. Without `rest` it rests a twentieth of `every`."""

    def declare(run: Run) -> Run:
        if name in MANAGERS:
            raise ValueError(f"the manager {name} is declared twice")
        MANAGERS[name] = Manager(name, lane, run, every, rest or every / 20)
        return run

    return declare
