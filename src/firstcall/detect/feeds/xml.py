"""Incident feeds in Atom and RSS: Statuspage's, Instatus's and Google Cloud's histories, and the RSS of AWS.

Sources: RFC 4287, https://www.rssboard.org/rss-specification; an entry's newest update stands first in its text with
its word in bold ('<strong>Resolved</strong> - …'); AWS begins each title with the state ('Service disruption: …'), and
each of its items is one word about the same thing, so that only the newest counts as open.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from firstcall.detect.rules.provider_status import DEGRADED, DOWN, UNKNOWN, WELL, Entry, Reading, entry_state
from firstcall.detect.rules.signal import safe
from firstcall.detect.sources.unreadable import Unreadable

ATOM = "{http://www.w3.org/2005/Atom}"
MOST = 2000
BOLD = re.compile(r"<(strong|b)>\s*([A-Za-z_ ]{3,40}?)\s*:?\s*</\1>", re.IGNORECASE)
PLAIN = re.compile(r"^\s*(?:STATUS|Status|Type):?\s*([A-Za-z_ ]{3,40})\b")
AWS = (
    ("service is operating normally", WELL, False),
    ("[resolved]", WELL, False),
    ("service disruption", DOWN, True),
    ("performance issues", DEGRADED, True),
    ("service degradation", DEGRADED, True),
    ("informational message", DEGRADED, True),
)


def read(body: bytes) -> Reading:
    """Raises Unreadable for what is no feed, and for XML that tries more than to be read."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("The feed declares entities or a document type: it is not read.") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise Unreadable("The answer is not readable XML.") from None
    if root.tag == f"{ATOM}feed":
        return Reading("atom", tuple(_atom(node) for node in root.findall(f"{ATOM}entry")[:MOST]), {})
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        raise Unreadable("The answer is neither an Atom nor an RSS feed.")
    items = channel.findall("item")[:MOST]
    if any(_aws_state(_text(node, "title")) for node in items) or "amazon" in _text(channel, "title").lower():
        return Reading("aws_rss", _aws_items(items), {}, None if items else WELL)
    return Reading("rss", tuple(_item(node) for node in items), {})


def _text(node: Element, name: str) -> str:
    found = node.find(name)
    return "" if found is None else "".join(found.itertext()).strip()


def _atom(node: Element) -> Entry:
    link = node.find(f"{ATOM}link")
    text = _text(node, f"{ATOM}content") or _text(node, f"{ATOM}summary")
    title = _text(node, f"{ATOM}title")
    key = _text(node, f"{ATOM}id") or (link.get("href", "") if link is not None else "")
    changed = _text(node, f"{ATOM}updated")
    at = _iso(_text(node, f"{ATOM}published") or changed)
    return _entry(key, title, text, at, link.get("href", "") if link is not None else "", changed)


def _item(node: Element) -> Entry:
    when, link = _text(node, "pubDate"), _text(node, "link")
    text = _text(node, "description")
    return _entry(_text(node, "guid") or link, _text(node, "title"), text, _mail_date(when), link, "")


def _entry(key: str, title: str, text: str, at: dt.datetime | None, url: str, changed: str) -> Entry:
    word = last_word(text)
    state, is_open = entry_state(word) if word else (UNKNOWN, True)
    if not word and re.match(r"\s*\[?(resolved|completed)\b", title, re.IGNORECASE):
        state, is_open = WELL, False
    return Entry(
        safe(key, most=300) or hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=16).hexdigest(),
        safe(title, most=250), state, is_open, at, safe(url, most=500), text=f"{changed}\n{text}",
    )  # fmt: skip


def last_word(text: str) -> str:
    """The word of the newest update, '' when the text has none: 'Resolved'."""
    found = BOLD.search(text)
    if found:
        return found[2]
    bare = PLAIN.match(html.unescape(re.sub(r"<[^>]{0,200}>", " ", text[:2000])))
    return bare[1] if bare else ""


def _aws_state(title: str) -> tuple[str, bool] | None:
    low = title.lower()
    hit = next(((state, lasts) for words, state, lasts in AWS if words in low), None)
    if hit is not None and "[resolved]" in low:
        return WELL, False
    return hit


def _aws_items(items: list[Element]) -> tuple[Entry, ...]:
    """The newest item decides; those before it are history."""
    entries = []
    for node in items:
        title, at = _text(node, "title"), _mail_date(_text(node, "pubDate"))
        state, lasts = _aws_state(title) or (UNKNOWN, True)
        key = _text(node, "guid") or f"{title} {at}"
        text = _text(node, "description")
        entries.append(
            Entry(safe(key, most=300), safe(title, most=250), state, lasts, at, _text(node, "link"), text=text)
        )
    past = dt.datetime.min.replace(tzinfo=dt.UTC)
    entries.sort(key=lambda one: one.at or past, reverse=True)
    return tuple(
        one if place == 0 else Entry(one.key, one.title, one.state, False, one.at, one.url, text=one.text)
        for place, one in enumerate(entries)
    )


def _iso(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC) if at.tzinfo else None


def _mail_date(text: str) -> dt.datetime | None:
    text = re.sub(r"\b(PST|PDT)$", lambda zone: {"PST": "-0800", "PDT": "-0700"}[zone[1]], text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
