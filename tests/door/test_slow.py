"""Who sends too slowly is told so after ten seconds, all cases in one wait."""

from __future__ import annotations

import time

from tests.door.conftest import Web, replies, request


def test_slow_heads_and_slow_bodies_end_after_ten_seconds(web: Web) -> None:
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
    while time.monotonic() - begin < 8:
        for name, raw in cases.items():
            if raw:
                links[name].sendall(b"a")
        time.sleep(0.5)
    for name, link in links.items():
        assert replies(link, methods=["GET"])[0].status == 408, name
        link.close()
    assert 9 < time.monotonic() - begin < 13
