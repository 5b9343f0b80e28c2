"""The write-ahead log stays small, and one connection at a time moves it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from firstcall.web.sqlite import checkpoint
from firstcall.web.sqlite.base import DatabaseWrapper
from firstcall.web.sqlite.checkpoint import Keeper
from firstcall.web.tests.test_gate import wrapper


@pytest.fixture
def store(tmp_path: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    monkeypatch.setattr(checkpoint, "LOOK", 0.02)
    settings = wrapper(tmp_path).settings_dict
    monkeypatch.setattr(connections, "create_connection", lambda alias: DatabaseWrapper(settings, alias))
    with django_db_blocker.unblock():
        one = wrapper(tmp_path)
        with one.cursor() as cursor:
            cursor.execute("CREATE TABLE t (body BLOB)")
        yield one
        one.close()


def write(store: DatabaseWrapper, size: int) -> None:
    with store.cursor() as cursor:
        cursor.execute("INSERT INTO t (body) VALUES (zeroblob(%s))", [size])


def until(true: Any, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(true())


def test_the_log_is_moved_and_cut_when_quiet(
    store: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "QUIET", 0.1)
    monkeypatch.setattr(checkpoint, "LARGE", 4_000_000)
    data, wal = tmp_path / "t.sqlite3", tmp_path / "t.sqlite3-wal"
    write(store, 5_000_000)
    assert data.stat().st_size < 100_000
    keeper = Keeper()
    keeper.start()
    assert until(lambda: data.stat().st_size > 5_000_000)
    assert until(lambda: wal.stat().st_size == 0)
    keeper.stop()
    keeper.join(5)
    assert not keeper.is_alive()


def test_only_who_holds_the_lock_moves_the_log(store: DatabaseWrapper, tmp_path: Path) -> None:
    lock = os.open(tmp_path / "checkpoint.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    keeper = Keeper(above=0)
    keeper.start()
    write(store, 100_000)
    time.sleep(0.2)
    assert (tmp_path / "t.sqlite3").stat().st_size < 100_000
    os.close(lock)
    write(store, 100_000)
    assert until(lambda: (tmp_path / "t.sqlite3").stat().st_size > 200_000)
    keeper.stop()
    keeper.join(5)
