"""The parts of the timers bench that run inside the product's process."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import queue
import signal
import threading
import time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from firstcall.deliver.commands.lease import Result, claim_jobs, settle_results  # noqa: E402
from firstcall.deliver.kinds import Parcel, Sent, Skip, sends  # noqa: E402
from firstcall.deliver.models.job import Job  # noqa: E402
from firstcall.deliver.queries.clock import store_now  # noqa: E402
from firstcall.deliver.transport import Transport  # noqa: E402
from firstcall.deliver.worker import run as run_worker  # noqa: E402

BODY = json.dumps({"incident": "INC-42", "text": "Card payments fail at Checkout since 22:54. " * 8}).encode()


@sends("bench.hook", lane="page")
def hook(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """A page as a plain webhook."""
    return Parcel("webhook", to=job.payload["url"], key=job.key, body=BODY)


def _jobs(count: int, *, due: dt.datetime, url: str, label: str) -> list[Job]:
    return [
        Job(
            kind="bench.hook", lane="page", key=f"{label}:{n}:{0 if n < 100 else 50}:{due.timestamp()}",
            payload={"v": 1, "url": url}, rank=0 if n < 100 else 50, due=due, wanted_at=due, planned_at=due,
        )
        for n in range(count)
    ]  # fmt: skip


def _insert(jobs: list[Job]) -> None:
    for start in range(0, len(jobs), 2000):
        Job.objects.bulk_create(jobs[start : start + 2000])


def plan(given: argparse.Namespace) -> Any:
    due = dt.datetime.fromtimestamp(given.due, dt.UTC)
    jobs = _jobs(given.jobs, due=due, url=f"http://127.0.0.1:{given.port}/", label=f"s{int(given.due)}")
    _insert(jobs[::-1])
    return len(jobs)


def calm(given: argparse.Namespace) -> Any:
    start = store_now() + dt.timedelta(seconds=4)
    for n in range(200):
        _insert(
            _jobs(
                1, due=start + n * dt.timedelta(milliseconds=73), url=f"http://127.0.0.1:{given.port}/", label=f"c{n}"
            )
        )
    return 200


def claims(given: argparse.Namespace) -> Any:
    """How late each first attempt of this storm began, in seconds."""
    due = dt.datetime.fromtimestamp(given.due, dt.UTC)
    started = Job.objects.filter(wanted_at=due).values_list("claimed_at", flat=True)
    return [(moment - due).total_seconds() for moment in started if moment]


def client(given: argparse.Namespace) -> Any:
    """Requests a second of the same HTTP client with as many threads, and nothing else."""
    transport = Transport()
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for n in range(given.jobs):
        todo.put(n)

    def go() -> None:
        while True:
            try:
                n = todo.get_nowait()
            except queue.Empty:
                return
            headers = {"content-type": "application/json", "webhook-id": f"a:{n}:1", "idempotency-key": f"a:{n}:1"}
            transport.ask("POST", f"http://127.0.0.1:{given.port}/", headers=headers, body=BODY)

    threads = [threading.Thread(target=go) for _ in range(8)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given.jobs / (time.perf_counter() - began)


def large(given: argparse.Namespace) -> Any:
    """Rows a second of the whole loop (claim, attempt, settle) and of a bare claim loop over as many rows."""
    url, due = "http://127.0.0.1:9/", store_now()
    _insert(_jobs(given.jobs, due=due, url=url, label="l"))
    began = time.perf_counter()
    while claims := claim_jobs(lane="page", now=store_now(), at_most=500):
        settle_results([Result(claim, Sent()) for claim in claims], now=store_now())
    whole = given.jobs / (time.perf_counter() - began)
    _insert(_jobs(given.jobs, due=due, url=url, label="b"))
    took = _bare_loop()
    return {
        "loop_rate": round(whole),
        "bare_rate": round(given.jobs / took),
        "loop_ratio": round(whole * took / given.jobs, 2),
    }


def _bare_loop() -> float:
    """Claim 1,000 by UPDATE … RETURNING and mark them done, until none is left: what the database alone can do."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        while True:
            with transaction.atomic():
                cursor.execute(
                    "UPDATE deliver_job SET state = 'leased' WHERE id IN (SELECT id FROM deliver_job "
                    f"WHERE lane = 'page' AND state = 'waiting' ORDER BY rank, due, id LIMIT 500 {lock}) RETURNING id"
                )
                ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return time.perf_counter() - began
            with transaction.atomic():
                cursor.execute(f"UPDATE deliver_job SET state = 'done' WHERE id IN ({','.join(map(str, ids))})")


def work(given: argparse.Namespace) -> Any:
    """The real worker, until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(stop)
    return None


def run(given: argparse.Namespace) -> None:
    """Run the task named on the command line and print its answer as JSON."""
    tasks = {"plan": plan, "calm": calm, "claims": claims, "client": client, "large": large, "work": work}
    print(json.dumps(tasks[given.task](given)))
