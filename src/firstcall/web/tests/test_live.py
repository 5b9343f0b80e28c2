"""The hub tells everybody once, and nobody who doesn't listen holds it up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from firstcall.web.door import live
from firstcall.web.door.live import MOST_UNSENT, Hub, News, encode, pieces, topics_of


class FakeViewer:
    """Remembers what it was sent; `deaf` ones never read."""

    def __init__(self, *topics: str, deaf: bool = False) -> None:
        self.topics = topics
        self.pass_: Any = None
        self.deaf = deaf
        self.got: list[bytes] = []
        self.closed = False

    def write(self, piece: bytes) -> None:
        self.got.append(piece)

    def unsent(self) -> int:
        return sum(map(len, self.got)) if self.deaf else 0

    def close(self) -> None:
        self.closed = True


def news(position: int, topic: str, *regions: str) -> News:
    return News(position, (topic,), regions)


def beat(position: int) -> bytes:
    return encode("beat", {"position": position})


def told(position: int, topic: str, *regions: str) -> bytes:
    return encode("news", {"position": position, "topic": topic, "regions": list(regions)}, position=position)


def test_an_event_on_the_wire() -> None:
    assert told(7, "now", "head") == (b'id: 7\nevent: news\ndata: {"position":7,"topic":"now","regions":["head"]}\n\n')
    assert beat(7) == b'event: beat\ndata: {"position":7}\n\n'


@pytest.mark.parametrize(
    ("path", "topics"),
    [
        ("now", ("now",)), ("incident:42,now,now", ("incident:42", "now")), ("", None), ("now,", None), ("../x", None),
        ("incident:42\n", None), ("a," * 8 + "a", ("a",)), (",".join("abcdefghi"), None), ("x:" + "y" * 61, None),
    ],
)  # fmt: skip
def test_topics_of_a_path(path: str, topics: tuple[str, ...] | None) -> None:
    assert topics_of(path) == topics


def test_entries_of_one_topic_are_told_together() -> None:
    happened = [news(1, "now", "head", "next"), news(2, "incident:1", "head"), news(3, "now", "next", "timeline")]
    assert pieces(happened, ["now", "incident:2"]) == [("now", told(3, "now", "head", "next", "timeline"))]


def test_who_follows_is_told_the_same_piece_and_others_nothing() -> None:
    hub, ada, ben, eve = Hub(), FakeViewer("incident:1", "now"), FakeViewer("incident:1"), FakeViewer("incident:2")
    for viewer in (ada, ben, eve):
        hub.open(viewer, since=5)
    hub.publish([news(6, "incident:1", "head")])
    assert ada.got == ben.got == [beat(5), told(6, "incident:1", "head")]
    assert ada.got[1] is ben.got[1]
    assert eve.got == [beat(5)]
    hub.leave(ben)
    hub.leave(ben)
    hub.publish([news(7, "incident:1", "head")])
    assert (len(ada.got), len(ben.got), len(hub)) == (3, 2, 2)


def test_what_happened_between_permission_and_opening_is_told() -> None:
    hub, ada = Hub(), FakeViewer("now")
    hub.publish([news(8, "now", "head"), news(9, "now", "next")])
    hub.open(ada, since=8)
    assert ada.got == [told(9, "now", "next"), beat(9)]


def test_a_viewer_that_does_not_read_is_closed_and_holds_nobody_up() -> None:
    hub, deaf, ada = Hub(), FakeViewer("now", deaf=True), FakeViewer("now")
    hub.open(deaf, since=0)
    hub.open(ada, since=0)
    for position in range(1, 2000):
        hub.publish([news(position, "now", "head")])
    assert (deaf.closed, ada.closed, len(hub)) == (True, False, 1)
    assert MOST_UNSENT < deaf.unsent() < MOST_UNSENT + 200
    assert len(ada.got) == 2000


def test_the_beat_stops_when_the_store_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT", 0.02)
    monkeypatch.setattr(live, "DOUBT", 0.1)

    async def story() -> tuple[int, int]:
        hub, ada = Hub(), FakeViewer("now")
        hub.start(asyncio.get_running_loop())
        hub.open(ada, since=0)
        hub.confirm(3)
        await asyncio.sleep(0.08)
        live_for = len(ada.got)
        assert set(ada.got[1:]) == {beat(3)}
        await asyncio.sleep(0.1)
        silent_from = len(ada.got)
        await asyncio.sleep(0.1)
        assert len(ada.got) == silent_from
        hub.goodbye()
        return live_for, len(hub)

    live_for, left = asyncio.run(story())
    assert live_for > 2
    assert left == 0


def test_goodbye_is_said_to_all_and_to_who_comes_late() -> None:
    hub, ada, late = Hub(), FakeViewer("now"), FakeViewer("now")
    hub.open(ada, since=0)
    hub.goodbye()
    hub.open(late, since=0)
    assert ada.got[-1] == late.got[-1] == encode("goodbye", {})
    assert (ada.closed, late.closed, len(hub)) == (True, True, 0)
