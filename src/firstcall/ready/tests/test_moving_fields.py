"""Answers and files that are not as they must be: named by the path of the field, and never more than that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.deliver.transport import Answer
from firstcall.kernel.say import plain
from firstcall.ready.moving import oncall, opsgenie
from firstcall.ready.moving.asking import Asking
from firstcall.ready.moving.fields import Fields, Unreadable
from firstcall.ready.moving.systems import Take, read_answers, read_file
from firstcall.ready.rules.moving import Here, decide_moves
from firstcall.ready.tests.others import NOW, WHOLE, read, whole


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not json", "This is no JSON file."),
        (b"[" * 100_000, "This is no JSON file."),
        (b"\xff\xfe", "This is no JSON file."),
        (b" " * (15 * 1024 * 1024 + 1), "The file is larger than 15 MB."),
        (b"{}", "The file needs at least one of these lists: users, schedules, escalation_policies, services."),
        (
            b'{"users": 7}',
            "The file needs at least one of these lists: users, schedules, escalation_policies, services.",
        ),
        (b'{"users": [7]}', "users[0] is not an object"),
        (b'{"users": [{"id": ""}]}', "users[0].id is empty"),
        (
            b'{"users": [{"id": "A", "name": "a\\u0000b"}]}',
            "users[0].name is too long, or has control characters in it",
        ),
        (b'{"users": [], "schedules": {}}', "schedules is not a list"),
        (json.dumps({"services": [{}] * 5001}).encode(), "services has more than 5000 rows"),
    ],
)
def test_a_file_that_is_none_is_refused_by_the_path_of_its_field(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        read_file("pagerduty", body, now=NOW)
    assert plain(wrong.value.why) == reason


def test_a_person_or_service_that_is_not_right_fails_alone() -> None:
    users = [{"id": "A", "name": "Ada"}, {"id": "B", "name": "Ben", "email": "ben"}]
    found = read("pagerduty", users=users, services=[{"id": "V", "name": "???"}], schedules=[], escalation_policies=[])
    assert [plain(one.cannot) for one in found.people if one.cannot] == [
        "users[0].email is not text", "users[1].email is no mail address",
    ]  # fmt: skip
    assert {line.what for line in decide_moves(found, Here(), now=NOW)} == {"failed"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["PAda", "uAda", "UAda", "user", "2026-11-02T09:00:00Z", "weekly", "09:00:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=4,
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list of an answer with each of its keys."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from places(inner)


@settings(max_examples=30)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_whatever_stands_anywhere_it_is_read_decided_or_named(system: str, data: st.DataObject) -> None:
    body = whole(system)
    holder, key = data.draw(st.sampled_from(list(places(body))))
    holder[key] = data.draw(JSON)
    try:
        found = read_answers(system, body, now=NOW)
    except Unreadable as wrong:
        assert plain(wrong.why)
        return
    for line in decide_moves(found, Here(), now=NOW):
        assert plain(line.why)


class Stub:
    """Answers each path with the same page, whose next one is `following(path)`."""

    def __init__(self, name: str, following: Callable[[str], object]) -> None:
        self.name, self.following, self.asked = name, following, list[str]()

    def __call__(self, _method: str, url: str, **_more: Any) -> Answer:
        self.asked.append(url)
        following = self.following(url)
        body = {self.name: [{"id": "A"}], "next": following, "paging": {"next": following}, "more": False}
        return Answer(200, {}, json.dumps(body).encode(), False)


@pytest.mark.parametrize(("take", "name"), [(opsgenie.take, "data"), (oncall.take, "results")])
def test_pages_that_lead_in_a_circle_come_to_an_end(take: Take, name: str) -> None:
    door = Stub(name, lambda url: "https://b.example.com/v?page=1" if url.endswith("page=2") else "/v?page=2")
    asking = Asking(door, "https://a.example.com", {}, {})
    take(asking, since=NOW, until=NOW)
    assert {url.partition("/v?")[0] for url in door.asked if "/v?" in url} == {"https://a.example.com"}
    assert len(door.asked) == len(set(door.asked)) < 12


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (None, ""), (7, ""), ("", ""), ("https://a.example.com/base/v?x=1", "/v?x=1"), ("//b.example.com/v", "/v"),
        ("@b.example.com", "/@b.example.com"), ("v?x=1", "/v?x=1"), ("https://b.example.com", "/"),
    ],
)  # fmt: skip
def test_a_link_never_leads_away_from_the_address(link: object, path: str) -> None:
    assert Asking(Stub("data", str), "https://a.example.com/base/", {}, {}).within(link) == path


def test_fields_take_nothing_for_granted() -> None:
    row = Fields({"n": True, "f": 2.0, "t": "09:00:00+01:00"}, "row")
    assert row.number("f") == 2
    for name, read_it in (("n", row.number), ("t", row.clock), ("n", row.text), ("f", row.one), ("f", row.any_in)):
        with pytest.raises(Unreadable):
            read_it(name)
