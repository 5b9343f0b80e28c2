"""What every test stands on: no network but loopback, both databases by DATABASE_URL, the cast."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from firstcall.kernel import clock

OWN_DATA = "" if "FIRSTCALL_DATA" in os.environ else tempfile.mkdtemp(prefix="firstcall-test-")
if OWN_DATA:
    os.environ["FIRSTCALL_DATA"] = OWN_DATA

# How long a property takes is the suite's budget's to judge: beside other work a single example may be slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.holds", "tests.cast", "tests.friday"]
LOOPBACK = ("127.", "::1", "localhost")


def pytest_configure() -> None:
    """Settings were read before this file: point them at the tests' own folder, too."""
    from django.conf import settings as django

    django.DATA = Path(os.environ["FIRSTCALL_DATA"]).absolute()
    django.STATIC_ROOT = django.DATA / "static"
    django.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_unconfigure() -> None:
    if OWN_DATA:
        shutil.rmtree(OWN_DATA, ignore_errors=True)


@pytest.fixture(autouse=True)
def _clock_stands(request: pytest.FixtureRequest) -> Iterator[None]:
    """Under the mark `clock(NOW)` the clock stands there, until the test itself moves it on."""
    mark = request.node.get_closest_marker("clock")
    if mark is None:
        yield
        return
    with clock.read_from(lambda: mark.args[0]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """A connection to anything but this machine fails the test that tried it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()
