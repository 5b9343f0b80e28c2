"""Published pages are bytes: served with everything else dead, and never half old, half new."""

from __future__ import annotations

import gzip
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.conftest import Web, replies, request, until

PAGE = b"<!doctype html><title>Bakery Union</title><p>All systems work.</p>" + b"<p>x</p>" * 2000


def publish(folder: Path, version: int, page: bytes) -> None:
    """As the product publishes: a whole version, then the link swapped."""
    target = folder / str(version)
    (target / "api/v2").mkdir(parents=True)
    (target / "index.html").write_bytes(page)
    (target / "index.html.gz").write_bytes(gzip.compress(page))
    (target / "api/v2/summary.json").write_bytes(b'{"page": %d}' % version)
    (target / "feed.atom").write_bytes(b"<feed/>")
    (target / "secret.key").write_bytes(b"no")
    link = folder / "next"
    link.symlink_to(str(version))
    os.replace(link, folder / "current")  # noqa: PTH105


@pytest.fixture
def page(web: Web) -> Iterator[Path]:
    folder = web.store.data / "pages" / "public" / "bakery"
    publish(folder, 1, PAGE)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    time.sleep(0.06)


def test_a_page_is_sent_whole_packed_or_not_at_all(web: Web, page: Path) -> None:
    plain = web.ask("GET", "/status/bakery/?utm=x")
    assert (plain.status, plain.body) == (200, PAGE)
    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=15, stale-if-error=86400"
    assert "frame-ancestors 'none'" in plain.headers["content-security-policy"]
    packed = web.ask("GET", "/status/bakery/", accept_encoding="br, gzip")
    assert (packed.headers["content-encoding"], gzip.decompress(packed.body)) == ("gzip", PAGE)
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    for known in (plain.headers["etag"], f'"x", {plain.headers["etag"]}', "W/" + plain.headers["etag"], "*"):
        same = web.ask("GET", "/status/bakery/", if_none_match=known)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", plain.headers["etag"])
    head = web.ask("HEAD", "/status/bakery/")
    assert (head.status, head.headers["content-length"]) == (200, str(len(PAGE)))


def test_machines_read_json_and_feed(web: Web, page: Path) -> None:
    answer = web.ask("GET", "/status/bakery/api/v2/summary.json")
    assert (answer.json(), answer.headers["access-control-allow-origin"]) == ({"page": 1}, "*")
    assert web.ask("GET", "/status/bakery/feed.atom").headers["content-type"] == "application/atom+xml"


@pytest.mark.parametrize(
    "path",
    [
        "/status/none/", "/status/", "/status/bakery/secret.key", "/status/bakery/../bakery/", "/status/bakery/api/",
        "/status/../../secret.key", "/status/bakery/%2e%2e/1/", "/status/bakery/index.html.gz",
        "/status/" + "a" * 300 + "/",
    ],
)  # fmt: skip
def test_nothing_else_is_served(web: Web, page: Path, path: str) -> None:
    assert web.ask("GET", path).status == 404


def test_a_page_is_only_read_and_its_folder_ends_with_a_slash(web: Web, page: Path) -> None:
    assert web.ask("POST", "/status/bakery/").headers["allow"] == "GET, HEAD"
    moved = web.ask("GET", "/status/bakery")
    assert (moved.status, moved.headers["location"]) == (308, "/status/bakery/")


def test_a_publish_is_seen_within_a_tenth_of_a_second_and_never_torn(web: Web, page: Path) -> None:
    pages = {n: b"<p>%d</p>" % n * 5000 for n in range(2, 12)}
    seen: list[bytes] = []
    stop = threading.Event()

    def read() -> None:
        with web.connect() as link:
            while not stop.is_set():
                link.sendall(request("GET", "/status/bakery/"))
                seen.append(replies(link, methods=["GET"])[0].body)

    reader = threading.Thread(target=read)
    reader.start()
    waits = []
    try:
        for number, text in pages.items():
            publish(page, number, text)
            begin = time.monotonic()
            assert until(lambda text=text: seen and seen[-1] == text)
            waits.append(time.monotonic() - begin)
            shutil.rmtree(page / str(number - 1))
    finally:
        stop.set()
        reader.join()
    assert sorted(waits)[len(waits) // 2] < 0.1
    assert set(seen) <= {PAGE, *pages.values()}
    order = [n for n in range(1, 12) if (pages.get(n) or PAGE) in seen]
    firsts = [seen.index(pages.get(n) or PAGE) for n in order]
    assert firsts == sorted(firsts)


def test_a_reader_that_does_not_read_costs_no_memory(web: Web, page: Path) -> None:
    publish(page, 2, b"y" * 1_000_000)
    time.sleep(0.06)
    assert len(web.ask("GET", "/status/bakery/").body) == 1_000_000
    before = web.rss()
    with web.connect() as link:
        link.sendall(request("GET", "/status/bakery/") * 500)
        time.sleep(0.5)
        assert web.rss() - before < 60_000_000
        assert web.ask("GET", "/status/bakery/feed.atom").status == 200
