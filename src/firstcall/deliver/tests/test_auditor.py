"""The outside hears from us only while pages leave in time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from firstcall.deliver.auditor import audit, beat_file, silent_since
from firstcall.deliver.models.job import Job
from firstcall.deliver.transport import Transport
from firstcall.kernel import clock


@pytest.fixture
def outside(httpserver: HTTPServer, settings: Any, tmp_path: Path) -> HTTPServer:
    httpserver.expect_request("/beat").respond_with_data("ok")
    settings.ENV = {
        **settings.ENV,
        "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"],
        "FIRSTCALL_HEARTBEAT_URL": httpserver.url_for("/beat"),
    }
    settings.DATA = tmp_path
    return httpserver


def late_page(*, seconds: int) -> None:
    due = clock.now() - dt.timedelta(seconds=seconds)
    Job.objects.create(
        kind="test.send", lane="page", key="k", payload={}, due=due, wanted_at=due, planned_at=due, state="waiting"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "pings"), [(None, 1), (2, 1), (11, 0)])
def test_pings_stop_when_a_page_is_late(outside: HTTPServer, seconds: int | None, pings: int) -> None:
    if seconds is not None:
        late_page(seconds=seconds)
    transport = Transport()
    assert audit(transport) is (pings == 1)
    assert len(outside.log) == pings
    transport.close()


@pytest.mark.django_db
def test_a_silent_auditor_is_seen(outside: HTTPServer) -> None:
    now = clock.now()
    assert silent_since(now=now) is None
    transport = Transport()
    audit(transport)
    transport.close()
    heard = dt.datetime.fromtimestamp(beat_file().stat().st_mtime, dt.UTC)
    assert silent_since(now=heard + dt.timedelta(seconds=59)) is None
    assert silent_since(now=heard + dt.timedelta(seconds=61)) == heard
