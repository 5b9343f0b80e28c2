"""What comes in is answered after it is stored, and what can't be read still pages."""

from __future__ import annotations

import base64
import json
import time
import zlib
from typing import Any

import pytest

from firstcall.detect.rules.bundle import unpack
from tests.door.conftest import Store, Web, replies, request, until

GOOD = json.dumps({"title": "Payments fail", "severity": "critical"}).encode()
BAD = b'{"title": 7}'


def stored(store: Store) -> list[tuple[Any, ...]]:
    """What is in the inbox: kind, body, why unreadable, state, tries."""
    rows = store.query("SELECT kind, unreadable, state, tries, body, held FROM detect_inbox ORDER BY id")
    return [(kind, body, *rest) for kind, *rest, packed, held in rows for body in unpack(bytes(packed), held)]


@pytest.fixture(autouse=True)
def _empty(store: Store) -> None:
    store.query("DELETE FROM detect_inbox")


@pytest.mark.parametrize(
    ("path", "authorization"),
    [
        ("/in/fci_generic_key/checkout", None),
        ("/in/checkout", "Bearer fci_generic_key"),
        ("/in/checkout/", "bearer  fci_generic_key"),
        ("/in/checkout", "Basic " + base64.b64encode(b"firstcall:fci_generic_key").decode()),
        ("/in/checkout", "Basic " + base64.b64encode(b"fci_generic_key:").decode()),
    ],
)
def test_a_signal_is_stored_before_it_is_answered(web: Web, path: str, authorization: str | None) -> None:
    headers = {"authorization": authorization} if authorization else {}
    reply = web.ask("POST", path, GOOD, **headers)
    assert (reply.status, reply.json()) == (202, {"status": "stored"})
    assert stored(web.store) == [("generic", GOOD, "", "new", 0)]


@pytest.mark.parametrize(
    ("path", "authorization"),
    [
        ("/in/fci_wrong/checkout", None), ("/in/fci_revoked_key/checkout", None), ("/in/checkout", None),
        ("/in/checkout", "Bearer fci_wrong"), ("/in/checkout", "Bearer "), ("/in/checkout", "Basic !!"),
        ("/in/checkout", "Digest fci_generic_key"),
    ],
)  # fmt: skip
def test_every_wrong_key_gets_the_same_answer(web: Web, path: str, authorization: str | None) -> None:
    headers = {"authorization": authorization} if authorization else {}
    reply = web.ask("POST", path, GOOD, **headers)
    assert (reply.status, reply.json()) == (401, {"error": "The key is missing or not known."})
    assert stored(web.store) == []


def test_a_revoked_key_is_dead_within_a_second_and_a_new_one_works_at_once(web: Web) -> None:
    assert web.ask("POST", "/in/fci_alertmanager_key/x", b"{}").status in (400, 422)
    source = web.store.query("SELECT id FROM detect_source WHERE kind = 'alertmanager'")[0][0]
    update = "UPDATE detect_sourcekey SET ended_at = %s WHERE source_id = %s"
    web.store.query(update, "2026-11-21 00:00:00+00:00", source)
    time.sleep(1.0)
    assert web.ask("POST", "/in/fci_alertmanager_key/x", b"{}").status == 401
    web.store.query(update, None, source)
    assert web.ask("POST", "/in/fci_alertmanager_key/x", b"{}").status in (400, 422)


def test_an_unreadable_body_is_refused_by_its_field_and_kept(web: Web) -> None:
    reply = web.ask("POST", "/in/fci_generic_key/checkout", BAD)
    assert reply.status == 422
    assert reply.json() == {"error": "Expected 'str', got 'int'.", "field": "title"}
    assert stored(web.store) == [("generic", BAD, "Expected 'str', got 'int'.", "new", 0)]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b'{"title": "a"', b"null", b"1e999999"])
def test_hostile_bodies_are_refused_within_a_tenth_of_a_second(web: Web, body: bytes) -> None:
    begin = time.monotonic()
    reply = web.ask("POST", "/in/fci_generic_key/checkout", body)
    assert time.monotonic() - begin < 0.5
    assert reply.status in (400, 422)
    assert set(reply.json()) == {"error", "field"}
    ((_, kept, why, _, _),) = stored(web.store)
    assert kept == body
    assert why == reply.json()["error"]


def test_a_packed_body_is_refused_by_its_header(web: Web) -> None:
    reply = web.ask("POST", "/in/fci_generic_key/checkout", zlib.compress(GOOD), content_encoding="gzip")
    assert (reply.status, reply.json()["field"]) == (400, "Content-Encoding")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_acts(web: Web, method: str) -> None:
    reply = web.ask(method, "/in/fci_generic_key/checkout")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
    assert stored(web.store) == []


@pytest.mark.parametrize("path", ["/in/", "/in/a/b/c", "/in/fci_generic_key/a/b", "/in/%2e%2e/x"])
def test_other_paths_are_nowhere(web: Web, path: str) -> None:
    assert web.ask("POST", path, GOOD).status == 404
    assert stored(web.store) == []


def test_over_a_megabyte_is_413_and_its_beginning_is_kept(web: Web) -> None:
    body = b'{"title": "' + b"x" * 1_100_000
    reply = web.ask("POST", "/in/fci_generic_key/checkout", body)
    assert (reply.status, reply.json()["field"]) == (413, "body")
    ((_, kept, why, _, _),) = stored(web.store)
    assert body.startswith(kept)
    assert len(kept) >= 2048
    assert why == reply.json()["error"] == "The signal is larger than 1 MB."
    assert web.ask("POST", "/in/fci_wrong/checkout", body).status == 401
    assert len(stored(web.store)) == 1


def test_a_chunked_body_is_read_and_an_expectation_is_met(web: Web) -> None:
    pieces = b"".join(b"%x\r\n%s\r\n" % (1, GOOD[n : n + 1]) for n in range(len(GOOD))) + b"0\r\n\r\n"
    chunked = request("POST", "/in/fci_generic_key/checkout", pieces, transfer_encoding="chunked")
    with web.connect() as link:
        link.sendall(chunked)
        assert replies(link, methods=["POST"])[0].status == 202
        link.sendall(
            request("POST", "/in/fci_generic_key/checkout", content_length=str(len(GOOD)), expect="100-continue")
        )
        time.sleep(0.1)
        link.sendall(GOOD)
        assert [reply.status for reply in replies(link, methods=["POST"])] == [100, 202]
    assert [row[1] for row in stored(web.store)] == [GOOD, GOOD]


def test_pipelined_requests_are_answered_in_their_order(web: Web) -> None:
    asked = [
        ("POST", "/in/fci_generic_key/checkout", GOOD), ("GET", "/status/none/", b""),
        ("POST", "/in/fci_wrong/checkout", GOOD),
        ("GET", "/healthz", b""), ("POST", "/in/fci_generic_key/checkout", BAD), ("HEAD", "/status/none/", b""),
        ("POST", "/in/fci_generic_key/checkout", GOOD),
    ]  # fmt: skip
    with web.connect() as link:
        link.sendall(b"".join(request(*one) for one in asked))
        got = [reply.status for reply in replies(link, methods=[one[0] for one in asked])]
    assert got == [202, 404, 401, 200, 422, 404, 202]
    assert [row[1] for row in stored(web.store)] == [GOOD, BAD, GOOD]


def test_a_long_pipeline_of_wrong_keys_is_answered_whole(web: Web) -> None:
    with web.connect() as link:
        link.sendall(request("POST", "/in/x", b"") * 3000)
        assert {reply.status for reply in replies(link, methods=["POST"] * 3000)} == {401}


def test_connection_close_is_obeyed(web: Web) -> None:
    with web.connect() as link:
        link.sendall(request("POST", "/in/fci_generic_key/checkout", GOOD, connection="close"))
        reply = replies(link, methods=["POST"])[0]
        assert (reply.status, reply.headers["connection"]) == (202, "close")
        assert link.recv(1) == b""
    with web.connect() as link:
        link.sendall(request("POST", "/in/fci_generic_key/checkout", GOOD).replace(b"HTTP/1.1", b"HTTP/1.0"))
        assert replies(link, methods=["POST"])[0].status == 202
        assert link.recv(1) == b""


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"POST /in/x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /in/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET /in/x HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70_000, 431),
    ],
)
def test_broken_requests_end_their_connection(web: Web, raw: bytes, status: int) -> None:
    with web.connect() as link:
        link.sendall(raw)
        assert replies(link, methods=["GET"])[0].status == status
        assert link.recv(1) == b""
    assert until(lambda: web.ask("GET", "/healthz").status == 200)


def test_many_at_once_are_all_stored(web: Web) -> None:
    links = [web.connect() for _ in range(50)]
    for number, link in enumerate(links):
        body = json.dumps({"title": f"n{number}"}).encode()
        link.sendall(request("POST", "/in/fci_generic_key/checkout", body) * 4)
    for link in links:
        assert [reply.status for reply in replies(link, methods=["POST"] * 4)] == [202] * 4
        link.close()
    assert len(stored(web.store)) == 200
