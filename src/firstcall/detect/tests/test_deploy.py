"""Deployments: from what GitHub, GitLab and plain JSON say to the change calendar, waking nobody."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from firstcall.detect.commands.change import keep_changes
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.commands.source import make_source
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source
from firstcall.detect.rules.bundle import pack
from firstcall.detect.sources.deploy import changes, decode
from firstcall.detect.sources.unreadable import Unreadable
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.change import Change
from firstcall.ready.models.component import Component

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
REPOSITORY = {"name": "payments", "full_name": "bakery/payments"}


def github(state: str = "success", **deployment: Any) -> dict[str, Any]:
    return {
        "action": "created",
        "deployment_status": {
            "state": state, "environment": "production", "target_url": "https://ci.example.com/8",
            "creator": {"login": "ben"},
            "created_at": "2026-11-20T21:40:00Z",
        },
        "deployment": {"id": 8, "ref": "v4.2", **deployment},
        "repository": REPOSITORY,
    }  # fmt: skip


def gitlab(status: str = "success", **more: Any) -> dict[str, Any]:
    return {
        "object_kind": "deployment", "status": status, "status_changed_at": "2026-11-20 22:40:00 +0100",
        "deployment_id": 15, "deployable_url": "https://git.example.com/15", "environment": "production",
        "project": {"name": "Payments", "path_with_namespace": "bakery/payments"}, "short_sha": "279484c0",
        "user": {"name": "Ben"}, **more,
    }  # fmt: skip


RELEASE = {
    "action": "published", "repository": REPOSITORY,
    "release": {"id": 3, "tag_name": "v4.2", "name": "", "html_url": "https://x.example/3",
                "published_at": "2026-11-20T21:40:00Z", "author": {"login": "ben"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (github(), [("payments v4.2 → production", "ben", "github:bakery/payments:8", ("payments",))]),
        (
            github("failure"),
            [("payments v4.2 → production (failure)", "ben", "github:bakery/payments:8", ("payments",))],
        ),
        (github("in_progress"), []),
        (github(production_environment=False), []),
        (RELEASE, [("payments v4.2", "ben", "github:bakery/payments:release:3", ("payments",))]),
        ({**RELEASE, "action": "edited"}, []),
        ({"zen": "Keep it simple.", "hook_id": 1}, []),
        (gitlab(), [("Payments 279484c0 → production", "Ben", "gitlab:bakery/payments:15", ("Payments",))]),
        (gitlab("running"), []),
        (gitlab(environment_tier="staging"), []),
        (
            {"title": "Payments 4.2", "component": "payments", "by": "Ben", "key": "812", "at": "2026-11-20T21:40:00Z"},
            [("Payments 4.2", "Ben", "own:812", ("payments",))],
        ),
    ],
)
def test_what_each_tool_says(body: dict[str, Any], expected: list[Any]) -> None:
    told = changes(decode(json.dumps(body).encode()), at=NOW)
    assert [(one.title, one.by, one.key, one.parts) for one in told] == expected
    assert all(one.at == NOW - dt.timedelta(minutes=20) for one in told)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "title"), ({"title": " "}, "title"), ({"title": 3}, "title"),
     ({**github(), "deployment": {}}, "deployment.id"), ({**gitlab(), "status": None}, "status")],
)  # fmt: skip
def test_what_cant_be_read_names_the_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(json.dumps(body).encode())
    assert refused.value.field == field


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"[[[", b"\xff", b"[" * 5000, b"{" * 20_001])
def test_what_is_no_deployment_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body)


def test_a_link_that_is_none_is_left_out() -> None:
    [one] = changes(decode(b'{"title": "x", "link": "javascript:alert(1)"}'), at=NOW)
    assert one.link == ""


def arrive(source: Source, *bodies: dict[str, Any] | bytes, unreadable: str = "") -> None:
    for body in bodies:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        Inbox.objects.create(source=source, kind="deploy", received_at=NOW, body=pack([raw]), unreadable=unreadable)


@pytest.mark.django_db
def test_a_deployment_is_kept_once_with_its_part_and_is_no_alert() -> None:
    Component.objects.create(slug="payments", name="Payments")
    source = make_source(name="GitHub", kind="deploy", by=MACHINE, now=NOW)[0]
    arrive(source, github("in_progress"), github(), github(), RELEASE, {"title": "Ledger moved", "component": "nobody"})
    assert (fold_inbox(now=NOW), keep_changes(now=NOW), keep_changes(now=NOW)) == (0, 5, 0)
    assert [
        (row.title, row.component and row.component.name, row.said_by) for row in Change.objects.order_by("id")
    ] == [
        ("payments v4.2 → production", "Payments", "ben"),
        ("payments v4.2", "Payments", "ben"),
        ("Ledger moved", None, "GitHub"),
    ]
    assert AlertGroup.objects.count() == 0
    source.refresh_from_db()
    assert source.last_heard_at == NOW


@pytest.mark.django_db
def test_what_cant_be_read_is_parked_and_wakes_nobody() -> None:
    source = make_source(name="GitHub", kind="deploy", by=MACHINE, now=NOW)[0]
    arrive(source, b"{}", unreadable="A title is missing.")
    arrive(source, {"title": "x", "at": "1999-01-01T00:00:00Z"})
    assert (keep_changes(now=NOW), fold_inbox(now=NOW)) == (2, 0)
    assert sorted(Inbox.objects.values_list("state", "reason")) == [
        ("parked", "A title is missing."), ("parked", "The time is more than a year away. Check the date."),
    ]  # fmt: skip
    assert (Change.objects.count(), AlertGroup.objects.count()) == (0, 0)
