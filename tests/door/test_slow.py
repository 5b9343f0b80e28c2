"""Who sends too slowly is told so in time (ten seconds; here one), all cases in one wait."""

from __future__ import annotations

import time

import pytest

from firstcall.web.door.protocol import ARRIVAL
from tests.door.conftest import Store, replies, request, start_web, stop_web


@pytest.mark.parametrize("form", [[], ["--plain"]], ids=["fast", "plain"])
def test_slow_heads_and_slow_bodies_end_in_time(store: Store, form: list[str]) -> None:
    assert ARRIVAL == 10.0
    web = start_web(store, "--arrival", "1", *form)
    cases = {
        "head": b"POST /in/fci_generic_key/x HTTP/1.1\r\nhost: loc",
        "intake body": request("POST", "/in/fci_generic_key/x", content_length="100") + b"{",
        "page body": request("POST", "/account/login/", content_length="100") + b"a",
        "nothing": b"",
    }
    links = {}
    begin = time.monotonic()
    for name, raw in cases.items():
        links[name] = web.connect()
        links[name].sendall(raw)
    while time.monotonic() - begin < 0.9:
        for name, raw in cases.items():
            if raw:
                links[name].sendall(b"a")
        time.sleep(0.1)
    for name, link in links.items():
        assert replies(link, methods=["GET"])[0].status == 408, name
        link.close()
    assert 0.9 < time.monotonic() - begin < 4
    assert stop_web(web) == 0
