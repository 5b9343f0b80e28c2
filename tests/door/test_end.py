"""The end: SIGTERM with a thousand live views, a kill in the middle of the load, two processes that write."""

from __future__ import annotations

import json
import signal
import threading
import time

import pytest

from firstcall.detect.rules.bundle import unpack
from tests.door.conftest import Store, Teller, Web, make_store, replies, request, start_web, stop_web, until


@pytest.mark.parametrize("form", [[], ["--plain"]], ids=["fast", "plain"])
def test_a_thousand_views_hear_goodbye_and_the_process_ends_within_two_seconds(store: Store, form: list[str]) -> None:
    web = start_web(store, *form)
    links = []
    for _ in range(1000):
        link = web.connect()
        link.sendall(request("GET", "/live/now", cookie=store.laid["ada"]))
        links.append(link)
    for link in links:
        data = b""
        while b"event: beat" not in data:
            data += link.recv(4096)
    begin = time.monotonic()
    web.process.send_signal(signal.SIGTERM)
    assert web.process.wait(10) == 0
    took = time.monotonic() - begin
    for link in links:
        data = b""
        while piece := link.recv(4096):
            data += piece
        assert b"event: goodbye" in data
        link.close()
    assert took < 2.0
    assert stop_web(web) == 0


def test_a_request_under_way_is_answered_at_the_end(store: Store) -> None:
    web = start_web(store)
    body = json.dumps({"title": "last words"}).encode()
    with web.connect() as link:
        link.sendall(request("POST", "/in/fci_generic_key/x", content_length=str(len(body))) + body[:5])
        time.sleep(0.1)
        web.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        link.sendall(body[5:])
        assert replies(link, methods=["POST"])[0].status == 202
    assert web.process.wait(10) == 0
    stop_web(web)


def _post(web: Web, name: str, kept: list[str], stop: threading.Event) -> None:
    """Send one signal after another; remember those answered 202."""
    number = 0
    while not stop.is_set():
        try:
            with web.connect() as link:
                while not stop.is_set():
                    title = f"{name}-{number}"
                    number += 1
                    link.sendall(request("POST", "/in/fci_generic_key/x", json.dumps({"title": title}).encode()))
                    if replies(link, methods=["POST"])[0].status == 202:
                        kept.append(title)
        except OSError:
            time.sleep(0.01)


def test_a_kill_under_load_loses_nothing_that_was_answered(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = make_store(tmp_path_factory.mktemp("kill"))
    kept: list[str] = []
    for life in range(2):
        web = start_web(store)
        stop = threading.Event()
        senders = [threading.Thread(target=_post, args=(web, f"{life}.{n}", kept, stop)) for n in range(4)]
        for sender in senders:
            sender.start()
        assert until(lambda: len(kept) > 60 * (life + 1), seconds=10)  # noqa: B023 (asked in this round)
        web.process.kill()
        web.process.wait()
        stop.set()
        for sender in senders:
            sender.join()
        stop_web(web)
    rows = store.query("SELECT body, held FROM detect_inbox")
    found = {json.loads(body)["title"] for packed, held in rows for body in unpack(bytes(packed), held)}
    assert len(kept) > 100
    assert set(kept) - found == set()
    if not store.env["DATABASE_URL"]:
        assert store.query("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("web", ["fast"], indirect=True)
def test_a_person_writes_while_the_intake_is_flooded(web: Web, teller: Teller) -> None:
    teller.tell("position")
    stop = threading.Event()
    kept: list[str] = []
    senders = [threading.Thread(target=_post, args=(web, f"flood{n}", kept, stop)) for n in range(6)]
    for sender in senders:
        sender.start()
    waits = []
    for _ in range(60):
        begin = time.monotonic()
        teller.tell("open", restricted=False)
        waits.append(time.monotonic() - begin)
    stop.set()
    for sender in senders:
        sender.join()
    assert len(kept) > 100
    assert sorted(waits)[30] < 0.1
    assert max(waits) < 0.5


@pytest.mark.parametrize("web", ["fast"], indirect=True)
def test_a_full_or_locked_store_is_never_answered_with_yes(web: Web) -> None:
    if web.store.env["DATABASE_URL"]:
        pytest.skip("SQLite's gate")
    import fcntl

    with (web.store.data / "write.gate").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        begin = time.monotonic()
        reply = web.ask("POST", "/in/fci_generic_key/x", b'{"title": "busy"}')
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert time.monotonic() - begin < 6
    assert web.ask("POST", "/in/fci_generic_key/x", b'{"title": "free"}').status == 202
