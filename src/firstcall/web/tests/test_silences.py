"""When worker or watchdog are silent, every page says so to whoever is signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from firstcall.deliver import auditor
from firstcall.deliver.auditor import Alarm
from firstcall.deliver.beat import beat
from firstcall.kernel import clock
from tests.cast import make_cast

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _night(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    with clock.read_from(lambda: NOW):
        yield


def seen(client: Client, path: str) -> tuple[bool, bool]:
    text = client.get(path).content.decode()
    return "The watchdog is silent since" in text, "The worker is silent since" in text


@pytest.mark.parametrize("path", ["/", "/incidents/", "/call/", "/flows/"])
def test_every_page_says_so(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_cast().ada)
    beat("auditor", now=NOW)
    assert seen(client, path) == (False, False)
    beat("auditor", now=NOW - 2 * MINUTE)
    assert seen(client, path) == (True, False)
    monkeypatch.setattr(auditor, "ALARM", Alarm(silent_since=NOW - 3 * MINUTE))
    assert seen(client, path) == (True, True)


def test_a_stranger_at_the_door_learns_nothing(client: Client) -> None:
    make_cast()
    beat("auditor", now=NOW - 2 * MINUTE)
    assert seen(client, "/accounts/login/") == (False, False)
