"""The one door out: refusals are asserted at the guard, by what it connected to."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from firstcall.deliver.transport import Guarded, Transport, Unreachable, check_url


class Recorder(Guarded):
    """Writes down each address it is asked to connect to, and connects to none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def connect(
        self, address: str, port: int, *, timeout: float | None, socket_options: Iterable[Any] | None
    ) -> httpcore2.NetworkStream:
        self.asked.append(address)
        raise httpcore2.ConnectError("recorded")


@pytest.mark.parametrize(
    "url",
    ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/", "http://①②⑦.0.0.1/",
     "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_private_addresses_in_every_spelling_are_never_connected_to(url: str) -> None:
    recorder = Recorder()
    with pytest.raises(Unreachable):
        Transport(backend=recorder).ask("POST", url)
    assert recorder.asked == []


def test_the_tested_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])  # a name that turns private on its second look-up

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    recorder = Recorder()
    with pytest.raises(Unreachable):
        Transport(backend=recorder).ask("POST", "http://rebind.example/")
    assert recorder.asked == ["93.184.216.34"]


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "http://user:pw@example.com/", "http://example.com:22/", "http://example.com:25/",
     "http://exa mple.com/", "http://example.com/\r\nX: y", "http://", "file:///etc/passwd", "http://example.com:99999/"],
)  # fmt: skip
def test_an_address_we_would_never_ask(url: str) -> None:
    with pytest.raises(Unreachable) as refused:
        check_url(url)
    assert refused.value.for_good is True


@pytest.fixture
def opened(settings: Any) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}


@pytest.mark.usefixtures("opened")
def test_no_redirect_is_followed_and_a_long_answer_is_cut(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/moved").respond_with_response(
        Response(status=307, headers={"Location": httpserver.url_for("/inside")})
    )
    httpserver.expect_request("/long").respond_with_handler(lambda _: Response(b"x" * 1_000_000))
    seen: list[str] = []

    def inside(request: Request) -> Response:
        seen.append(request.path)
        return Response("no")

    httpserver.expect_request("/inside").respond_with_handler(inside)
    transport = Transport()
    assert transport.ask("POST", httpserver.url_for("/moved")).status == 307
    assert seen == []
    answer = transport.ask("GET", httpserver.url_for("/long"))
    assert (len(answer.body), answer.cut) == (64 * 1024, True)
    transport.close()
