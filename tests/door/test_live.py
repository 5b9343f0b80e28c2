"""A live view hears what happens, hears a beat while it is live, and ends when its permission does."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.door.conftest import Teller, Web, replies, request


class Stream:
    """An open live view."""

    def __init__(self, web: Web, topics: str, cookie: str, **headers: str) -> None:
        self.link = web.connect()
        self.link.sendall(request("GET", f"/live/{topics}", b"", cookie=cookie, **headers))
        self.data = b""
        head = self._until(b"\r\n\r\n")
        self.status = int(head.split(b" ")[1])
        self.chunked = b"chunked" in head
        self.head = head.lower()

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.data:
            piece = self.link.recv(65536)
            if not piece:
                raise EOFError
            self.data += piece
        found, self.data = self.data.split(mark, 1)
        return found

    def event(self, seconds: float = 5.0) -> dict[str, Any]:
        """The next event. Raises TimeoutError without one, EOFError at the end."""
        self.link.settimeout(seconds)
        while True:
            lines = self._until(b"\n\n").decode().replace("\r", "").split("\n")
            fields = dict(line.split(": ", 1) for line in lines if ": " in line)
            if "event" in fields:
                return {"event": fields["event"], "id": fields.get("id"), **json.loads(fields["data"])}

    def news(self, seconds: float = 5.0) -> dict[str, Any]:
        """The next event that is no beat."""
        while (found := self.event(seconds))["event"] == "beat":
            pass
        return found

    def close(self) -> None:
        self.link.close()


Open = Callable[..., Stream]


@pytest.fixture
def listen(web: Web) -> Iterator[Open]:
    """Opens streams, and closes them after the test."""
    streams: list[Stream] = []

    def opened(topics: str, who: str = "ada", **headers: str) -> Stream:
        streams.append(Stream(web, topics, web.store.laid.get(who, who), **headers))
        return streams[-1]

    yield opened
    for stream in streams:
        stream.close()


@pytest.fixture(scope="module")
def open_room(teller: Teller) -> int:
    return int(teller.tell("open", restricted=False))


@pytest.fixture(scope="module")
def closed_room(teller: Teller) -> int:
    return int(teller.tell("open", restricted=True))


def test_what_happens_is_told_within_half_a_second(listen: Open, teller: Teller, open_room: int) -> None:
    stream = listen(f"incident:{open_room},now")
    assert stream.status == 200
    assert b"content-type: text/event-stream" in stream.head
    while stream.event()["event"] != "beat":
        pass  # that the room was opened may still be news
    teller.tell("say", incident=open_room)
    begin = time.monotonic()
    position = teller.tell("position")
    told: dict[str, Any] = {}
    while len(told) < 2:
        found = stream.news()
        if found["position"] == position:
            told[found["topic"]] = found
    assert time.monotonic() - begin < 0.5
    for topic in (f"incident:{open_room}", "now"):
        assert (told[topic]["event"], told[topic]["id"]) == ("news", str(position))
        assert set(told[topic]["regions"]) == {"head", "next", "answers", "updates", "timeline", "now"}


def test_a_room_hears_nothing_of_another(listen: Open, teller: Teller, open_room: int, closed_room: int) -> None:
    stream = listen(f"incident:{open_room}")
    teller.tell("say", incident=closed_room)
    teller.tell("say", incident=open_room)
    assert stream.news()["topic"] == f"incident:{open_room}"


def test_a_view_that_comes_back_hears_what_it_missed(listen: Open, teller: Teller, open_room: int) -> None:
    before = teller.tell("position")
    teller.tell("say", incident=open_room, times=3)
    after = teller.tell("position")
    for topics, headers in (
        (f"incident:{open_room}", {"last_event_id": str(before)}),
        (f"incident:{open_room}?after={before}", {}),
    ):
        stream = listen(topics, **headers)
        assert stream.news()["position"] == after
    stream = listen(f"incident:{open_room}", last_event_id=str(after))
    assert stream.event() == {"event": "beat", "id": None, "position": after}


def test_a_view_that_missed_too_much_fetches_everything(listen: Open, teller: Teller, open_room: int) -> None:
    before = teller.tell("position")
    teller.tell("say", incident=open_room, times=500)
    assert teller.tell("position") == before + 500
    stream = listen(f"incident:{open_room}?after={before}")
    assert stream.news()["regions"] == ["*"]


def test_the_beat_carries_the_position_every_three_seconds(listen: Open, teller: Teller, open_room: int) -> None:
    stream = listen("now")
    time.sleep(0.1)
    begin = time.monotonic()
    beats: list[dict[str, Any]] = []
    while len(beats) < 2:
        found = stream.event()
        beats += [found] if found["event"] == "beat" else []
    assert beats[1]["position"] == teller.tell("position")
    assert time.monotonic() - begin < 3.5


def test_who_may_not_see_gets_the_answer_of_what_is_not_there(web: Web, listen: Open, closed_room: int) -> None:
    wanted = f"/live/incident:{closed_room}"
    assert web.ask("GET", wanted).status == 401
    assert web.ask("GET", wanted, cookie="session=nonsense").status == 401
    refused = web.ask("GET", wanted, cookie=web.store.laid["eve"])
    absent = web.ask("GET", "/live/incident:999999", cookie=web.store.laid["eve"])
    assert (refused.status, refused.body) == (absent.status, absent.body) == (404, absent.body)
    both = web.ask("GET", f"/live/now,incident:{closed_room}", cookie=web.store.laid["eve"])
    assert both.status == 404
    stream = listen(f"incident:{closed_room}")
    assert stream.status == 200


@pytest.mark.parametrize(
    "path", ["/live/", "/live/a/b", "/live/%00", "/live/" + ",".join("abcdefghi"), "/live/incident:x"]
)
def test_malformed_topics_are_nothing(web: Web, path: str) -> None:
    assert web.ask("GET", path, cookie=web.store.laid["ada"]).status == 404
    assert web.ask("POST", "/live/now", cookie=web.store.laid["ada"]).status == 405


def test_restricting_a_room_ends_the_views_of_who_may_not_see_it(listen: Open, teller: Teller) -> None:
    room = teller.tell("open", restricted=False)
    eve = listen(f"incident:{room}", "eve")
    ada = listen(f"incident:{room}")
    assert eve.event()["event"] == ada.event()["event"] == "beat"
    begin = time.monotonic()
    teller.tell("restrict", incident=room)
    with pytest.raises(EOFError):
        while True:
            eve.event()
    assert time.monotonic() - begin < 5
    assert ada.event()["event"] in ("news", "beat")


def test_signing_out_ends_the_views_of_the_session(web: Web, listen: Open) -> None:
    key = "signedout0000000000000000000000" + str(web.port % 10)
    known = web.store.laid["eve"].split("=")[1]
    web.store.query(
        "INSERT INTO people_session (session_key, session_data, expire_date, user_id, agent, address) "
        "SELECT %s, session_data, expire_date, user_id, agent, address FROM people_session WHERE session_key = %s",
        key, known,
    )  # fmt: skip
    stream = listen("now", f"session={key}")
    assert stream.event()["event"] == "beat"
    web.store.query("DELETE FROM people_session WHERE session_key = %s", key)
    begin = time.monotonic()
    with pytest.raises(EOFError):
        while True:
            stream.event()
    assert time.monotonic() - begin < 5


def test_a_view_that_left_is_forgotten(web: Web, listen: Open, teller: Teller, open_room: int) -> None:
    for _ in range(30):
        stream = listen(f"incident:{open_room}")
        stream.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        stream.close()
    teller.tell("say", incident=open_room)
    with web.connect() as link:
        link.sendall(request("GET", "/healthz"))
        assert replies(link, methods=["GET"])[0].status == 200
