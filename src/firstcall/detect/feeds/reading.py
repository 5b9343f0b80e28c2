"""Which format an answer is in, and where a status page keeps one that can be read."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from firstcall.detect.feeds import clouds, instatus, statuspage, xml
from firstcall.detect.rules.provider_status import Reading
from firstcall.detect.sources.unreadable import Unreadable, check_size, from_msgspec

LIMIT = 5 * 1024 * 1024
KNOWN = {
    "status.cloud.google.com": "https://status.cloud.google.com/incidents.json",
    "status.aws.amazon.com": "https://health.aws.amazon.com/public/currentevents",
    "health.aws.amazon.com": "https://health.aws.amazon.com/public/currentevents",
}
FILE = re.compile(r"\.(json|atom|rss|xml)$|/(rss|atom|feed|currentevents|incidents)/?$")
LINK = re.compile(r"<link\b[^>]{0,500}>", re.IGNORECASE)
FEED = re.compile(r"type\s*=\s*[\"']application/(?:atom|rss)\+xml[\"']", re.IGNORECASE)
HREF = re.compile(r"href\s*=\s*[\"']([^\"'\s]{1,500})[\"']", re.IGNORECASE)


def read_answer(body: bytes) -> Reading:
    """The reading of a status page's JSON or feed. Raises Unreadable with a sentence."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body.decode("utf-16", "replace").encode()
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise Unreadable("The answer is empty.")
    if start == b"<":
        return xml.read(body)
    check_size(body)
    try:
        return _of_json(msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf")))
    except msgspec.MsgspecError as error:
        raise from_msgspec(error) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable("The answer is not readable JSON.") from None


def _of_json(data: Any) -> Reading:
    if isinstance(data, list):
        if not data or (isinstance(data[0], dict) and "service" in data[0] and "date" in data[0]):
            return clouds.read_aws(data)
        if isinstance(data[0], dict) and "external_desc" in data[0]:
            return clouds.read_google(data)
    elif isinstance(data, dict):
        page = data.get("page")
        if isinstance(page, dict) and isinstance(page.get("status"), str):
            return instatus.read(data)
        if "incidents" in data or ("components" in data and "status" in data):
            return statuspage.read(data)
    raise Unreadable("The answer is JSON, but of no kind of status page we know.")


def candidates(url: str) -> list[str]:
    """Where to look, the best first: the address itself when it names a file, else what status pages keep."""
    parts = urlsplit(url)
    if parts.hostname in KNOWN and not FILE.search(parts.path):
        return [KNOWN[parts.hostname]]
    if FILE.search(parts.path):
        return [url]
    base = url if url.endswith("/") else f"{url}/"
    return [urljoin(base, "api/v2/summary.json"), urljoin(base, "summary.json")]


def linked_feeds(page: bytes, *, url: str) -> list[str]:
    """Feeds that a page names in its head, of the same host, three at most."""
    text = page[: 256 * 1024].decode("utf-8", "replace")
    found = []
    for tag in LINK.findall(text):
        href = HREF.search(tag) if FEED.search(tag) else None
        address = urljoin(url, href[1]) if href else ""
        if address and urlsplit(address).hostname == urlsplit(url).hostname:
            found.append(address)
    return list(dict.fromkeys(found))[:3]
