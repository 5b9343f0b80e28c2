"""Every write to SQLite passes one fair gate, and nobody holds it for long."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connections, transaction

from firstcall.web.sqlite import gate as gates
from firstcall.web.sqlite.base import DatabaseWrapper, writes
from firstcall.web.sqlite.gate import Gate, StoreBusy
from tests.holds import Holds


def wrapper(folder: Path) -> DatabaseWrapper:
    settings = dict(connections["default"].settings_dict)
    settings.update(ENGINE="firstcall.web.sqlite", NAME=str(folder / "t.sqlite3"), OPTIONS={})
    return DatabaseWrapper(settings, "default")


def free(folder: Path) -> bool:
    """Whether nobody holds the gate."""
    file = os.open(folder / "write.gate", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


@pytest.fixture
def store(tmp_path: Path, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    """A database in a file, in the place of the tests' own."""
    one = wrapper(tmp_path)
    before = connections["default"]
    with django_db_blocker.unblock():
        connections["default"] = one
        with one.cursor() as cursor:
            cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT UNIQUE)")
        yield one
        one.close()
        connections["default"] = before


def test_pragmas_are_set_on_every_connection(store: DatabaseWrapper) -> None:
    found = {}
    with store.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint"):
            found[name] = cursor.execute(f"PRAGMA {name}").fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0}


def test_the_gate_is_held_from_begin_to_commit_and_to_rollback(store: DatabaseWrapper, tmp_path: Path) -> None:
    with transaction.atomic():
        assert not free(tmp_path)
        with transaction.atomic(), store.cursor() as cursor:
            cursor.execute("INSERT INTO t (who) VALUES ('Ada')")
        assert not free(tmp_path)
    assert free(tmp_path)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert not free(tmp_path)
        raise ZeroDivisionError
    assert free(tmp_path)


def test_reads_take_no_gate(store: DatabaseWrapper, tmp_path: Path) -> None:
    other = Gate(tmp_path)
    other.acquire()
    with store.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert cursor.execute("WITH a AS (SELECT 1 AS n) SELECT n FROM a").fetchall() == [(1,)]
    other.close()


def test_a_write_alone_takes_the_gate_and_gives_back_its_rows(
    store: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    acquire = Gate.acquire

    def counted(self: Gate) -> None:
        acquire(self)
        taken.append(True)

    monkeypatch.setattr(Gate, "acquire", counted)
    with store.cursor() as cursor:
        cursor.execute("INSERT INTO t (who) VALUES ('Ada'), ('Ben') RETURNING id, who")
        assert free(tmp_path)
        assert cursor.fetchone() == (1, "Ada")
        assert list(cursor) == [(2, "Ben")]
        cursor.executemany("INSERT INTO t (who) VALUES (%s)", [("Cleo",), ("Dana",)])
        cursor.execute("UPDATE t SET who = who || '!' RETURNING who")
        assert cursor.fetchmany(3) == [("Ada!",), ("Ben!",), ("Cleo!",)]
        assert cursor.fetchall() == [("Dana!",)]
        with pytest.raises(DatabaseError):
            cursor.execute("INSERT INTO t (who) VALUES ('Ada!')")
    assert taken == [True] * 4
    assert free(tmp_path)


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("SELECT 1", False), ("  pragma x", False), ("EXPLAIN DELETE FROM t", False), ("insert into t", True),
        ("WITH a AS (SELECT 1) DELETE FROM t", True), ("VACUUM", True), ("CREATE TABLE x (y)", True),
    ],
)  # fmt: skip
def test_what_counts_as_a_write(statement: str, answer: bool) -> None:
    assert writes(statement) is answer


def test_a_busy_store_refuses_with_its_sentence_and_writes_nothing(
    store: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gate.acquire, "__defaults__", (0.05,))
    other = Gate(tmp_path)
    other.acquire()
    with pytest.raises(StoreBusy, match="The store is busy, nothing was changed"), transaction.atomic():
        raise AssertionError
    with pytest.raises(OperationalError), store.cursor() as cursor:
        cursor.execute("INSERT INTO t (who) VALUES ('Ada')")
    other.close()
    with transaction.atomic(), store.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_closed_or_broken_connection_lets_go(store: DatabaseWrapper, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        assert not free(tmp_path)
        store.connection.close()
        with store.cursor() as cursor:
            cursor.execute("SELECT 1")
    assert free(tmp_path)
    store.close()
    store.connect()
    with transaction.atomic():
        assert not free(tmp_path)
        store.close()
        assert free(tmp_path)


def _hold(folder: str, ready: Any, seconds: float) -> None:
    gate = Gate(Path(folder))
    gate.acquire()
    ready.set()
    time.sleep(seconds)


def test_a_dead_process_lets_go(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    holder = spawn.Process(target=_hold, args=(str(tmp_path), ready, 60))
    holder.start()
    assert ready.wait(20)
    assert not free(tmp_path)
    holder.kill()
    holder.join()
    gate = Gate(tmp_path)
    gate.acquire(1)
    assert gate.held
    gate.close()


def test_a_person_is_not_starved_by_a_writer_that_never_rests(tmp_path: Path) -> None:
    stop, turns = threading.Event(), [0]

    def never_rests() -> None:
        gate = Gate(tmp_path)
        while not stop.is_set():
            gate.acquire()
            time.sleep(0.002)
            gate.release()
            turns[0] += 1
        gate.close()

    threads = [threading.Thread(target=never_rests) for _ in range(2)]
    for thread in threads:
        thread.start()
    person, waits = Gate(tmp_path), []
    for _ in range(30):
        begin = time.monotonic()
        person.acquire()
        waits.append(time.monotonic() - begin)
        person.release()
        time.sleep(0.005)
    stop.set()
    for thread in threads:
        thread.join()
    assert max(waits) < 0.5
    assert sorted(waits)[15] < 0.1
    assert turns[0] > 30
    person.close()


def test_who_holds_the_gate_for_long_is_found(store: DatabaseWrapper, holds: Holds) -> None:
    told: list[float] = []
    gates.observers.append(told.append)
    try:
        with transaction.atomic(), store.cursor() as cursor:
            cursor.execute("INSERT INTO t (who) VALUES ('quick')")
        with transaction.atomic():
            time.sleep(0.08)
    finally:
        gates.observers.remove(told.append)
    for found in (told, holds):
        assert len(found) == 2
        assert found[0] < 0.05 < found[1]
    assert len(holds.too_long()) == 1
