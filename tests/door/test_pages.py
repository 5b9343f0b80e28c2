"""Django's threads are never held by a slow client."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

from tests.door.conftest import Web, replies, request, until

FORM = b"login=ada%40example.com&password=wrong"


def page_time(web: Web) -> float:
    begin = time.monotonic()
    assert web.ask("GET", "/account/login/").status == 200
    return time.monotonic() - begin


def test_eight_unfinished_posts_leave_a_page_quick(web: Web) -> None:
    page_time(web)
    links = []
    for _ in range(8):
        link = web.connect()
        link.sendall(request("POST", "/account/login/", content_length="100000") + b"login=")
        links.append(link)
    time.sleep(0.1)
    assert min(page_time(web) for _ in range(3)) < 0.1
    for link in links:
        link.close()


def test_a_chunked_form_arrives_whole(web: Web) -> None:
    form = web.ask("GET", "/account/login/")
    cookie = form.headers["set-cookie"].split(";")[0]
    token = cookie.split("=", 1)[1]
    body = FORM + b"&csrfmiddlewaretoken=" + token.encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[n : n + 7]), body[n : n + 7]) for n in range(0, len(body), 7))
    with web.connect() as link:
        link.sendall(
            request(
                "POST", "/account/login/", chunks + b"0\r\n\r\n", transfer_encoding="chunked", cookie=cookie,
                content_type="application/x-www-form-urlencoded",
            )
        )  # fmt: skip
        reply = replies(link, methods=["POST"])[0]
    # 403 would mean that the token in the body was not read.
    assert reply.status == 200
    assert b"ada@example.com" in reply.body


def test_over_sixteen_megabytes_is_refused(web: Web) -> None:
    with web.connect() as link:
        link.sendall(request("POST", "/account/login/", content_length=str(17 * 1024 * 1024)))
        try:
            for _ in range(17 * 16):
                link.sendall(b"x" * 65536)
        except OSError:
            pass
        assert replies(link, methods=["POST"])[0].status == 413
    assert page_time(web) < 1


def test_two_hundred_at_once_get_a_page_or_the_word_to_come_again(web: Web) -> None:
    with ThreadPoolExecutor(100) as crowd:
        got = list(crowd.map(lambda _: web.ask("GET", "/account/login/"), range(200)))
    assert {reply.status for reply in got} <= {200, 503}
    assert sum(reply.status == 200 for reply in got) >= 72
    assert all(reply.headers["retry-after"] for reply in got if reply.status == 503)


def test_a_client_that_does_not_read_holds_no_thread(web: Web) -> None:
    links = []
    for _ in range(10):
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.connect(("127.0.0.1", web.port))
        link.sendall(request("GET", "/account/login/") * 30)
        links.append(link)
    assert until(lambda: page_time(web) < 0.2, 10)
    for link in links:
        link.close()


def test_a_header_with_an_underscore_passes_for_no_other(web: Web) -> None:
    assert web.ask("GET", "/account/login/", host="evil.example").status == 400
    with web.connect() as link:
        link.sendall(b"GET /account/login/ HTTP/1.1\r\nhost: localhost\r\nx_forwarded_host: evil\r\n\r\n")
        assert replies(link, methods=["GET"])[0].status == 200
