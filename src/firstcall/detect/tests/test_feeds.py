"""Answers of status pages in every format, and hostile ones."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from firstcall.detect.feeds.reading import candidates, linked_feeds, read_answer
from firstcall.detect.rules.provider_status import decide_state
from firstcall.detect.sources.unreadable import Unreadable

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)


def summary(**changed: object) -> bytes:
    """A Statuspage summary: the API is hurt, one incident is open."""
    return json.dumps(
        {
            "page": {"id": "p", "name": "CardGate", "url": "https://status.example.com"},
            "status": {"indicator": "minor", "description": "Minor outage"},
            "components": [
                {"id": "1", "name": "Payments API", "status": "partial_outage", "group": False},
                {"id": "2", "name": "Dashboard", "status": "operational", "group": False},
                {"id": "3", "name": "All", "status": "operational", "group": True},
            ],
            "incidents": [
                {
                    "id": "abc", "name": "Card payments fail", "status": "investigating", "impact": "major",
                    "started_at": "2026-11-20T22:51:00.000+01:00", "shortlink": "https://stspg.example/abc",
                    "incident_updates": [{"status": "investigating", "body": "We look into it."}],
                    "components": [{"id": "1", "name": "Payments API", "status": "partial_outage"}],
                }
            ],
            "scheduled_maintenances": [],
            **changed,
        }
    ).encode()  # fmt: skip


def test_a_statuspage_summary() -> None:
    reading = read_answer(summary())
    assert (reading.kind, reading.overall) == ("statuspage", "degraded")
    assert reading.parts == {"Payments API": "degraded", "Dashboard": "well"}
    [one] = reading.entries
    assert (one.key, one.title, one.state, one.open, one.parts) == (
        "abc", "Card payments fail", "degraded", True, ("Payments API",),
    )  # fmt: skip
    assert one.at == dt.datetime(2026, 11, 20, 21, 51, tzinfo=dt.UTC)


def test_a_word_nobody_knows_is_not_green() -> None:
    odd = summary(status={"indicator": "sunny"}, components=[{"name": "API", "status": "sunny"}], incidents=[])
    reading = read_answer(odd)
    assert (reading.overall, reading.parts) == ("unknown", {"API": "unknown"})


def test_an_instatus_summary() -> None:
    body = {
        "page": {"name": "MailBird", "url": "https://mail.example.com", "status": "HASISSUES"},
        "activeIncidents": [
            {"name": "Mail is late", "started": "2026-11-20T21:00:00Z", "status": "INVESTIGATING",
             "impact": "MAJOROUTAGE", "url": "https://mail.example.com/1"}
        ],
        "activeMaintenances": [{"name": "Move", "start": "2026-11-21T01:00:00Z", "status": "NOTSTARTEDYET"}],
    }  # fmt: skip
    reading = read_answer(json.dumps(body).encode())
    assert (reading.kind, reading.overall) == ("instatus", "degraded")
    assert [(one.title, one.state, one.open) for one in reading.entries] == [
        ("Mail is late", "down", True), ("Move", "well", False),
    ]  # fmt: skip


ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>History</title>
<entry><id>tag:s,2005:Incident/2</id><published>2026-11-20T21:51:00Z</published><updated>2026-11-20T21:55:00Z</updated>
<link href="https://s.example/2"/><title>Payments fail</title>
<content type="html">&lt;p&gt;&lt;strong&gt;Identified&lt;/strong&gt;
- found&lt;/p&gt;&lt;p&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - x&lt;/p&gt;</content></entry>
<entry><id>tag:s,2005:Incident/1</id><published>2026-11-01T10:00:00Z</published><updated>2026-11-01T11:00:00Z</updated>
<title>Old</title><content type="html">&lt;strong&gt;Resolved&lt;/strong&gt; - done</content></entry></feed>"""


def test_an_atom_feed_says_what_is_open() -> None:
    reading = read_answer(ATOM.encode())
    assert [(one.key, one.state, one.open) for one in reading.entries] == [
        ("tag:s,2005:Incident/2", "degraded", True), ("tag:s,2005:Incident/1", "well", False),
    ]  # fmt: skip
    assert reading.entries[0].at == dt.datetime(2026, 11, 20, 21, 51, tzinfo=dt.UTC)
    assert decide_state(reading, ours=(), now=NOW).state == "degraded"


def rss(*items: tuple[str, str, str, str], title: str = "History") -> bytes:
    inner = "".join(
        f"<item><title>{t}</title><guid>{g}</guid><pubDate>{d}</pubDate><description>{x}</description></item>"
        for t, g, d, x in items
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{inner}</channel></rss>'.encode()


def test_an_rss_feed_says_what_is_open() -> None:
    reading = read_answer(
        rss(
            ("Mail late", "g2", "Fri, 20 Nov 2026 21:00:00 +0000", "&lt;b&gt;Monitoring&lt;/b&gt; - better"),
            ("Old", "g1", "Thu, 19 Nov 2026 21:00:00 +0000", "&lt;strong&gt;Completed&lt;/strong&gt;"),
        )
    )
    assert [(one.key, one.state, one.open) for one in reading.entries] == [
        ("g2", "degraded", True),
        ("g1", "well", False),
    ]


def test_of_aws_only_the_newest_word_counts() -> None:
    disrupted = ("Service disruption: Increased Error Rates", "u#2", "Fri, 20 Nov 2026 13:00:00 PST", "We look.")
    over = (
        "Service is operating normally: [RESOLVED] Increased Error Rates",
        "u#3",
        "Fri, 20 Nov 2026 14:00:00 PST",
        "",
    )
    title = "Amazon Elastic Compute Cloud Service Status"
    assert decide_state(read_answer(rss(disrupted, title=title)), ours=(), now=NOW).state == "down"
    assert decide_state(read_answer(rss(over, disrupted, title=title)), ours=(), now=NOW).state == "well"
    assert decide_state(read_answer(rss(title=title)), ours=(), now=NOW).state == "well"


def test_aws_events_come_in_utf_16() -> None:
    events = [
        {"date": "1795212000", "region_name": "N. Virginia", "status": "3", "service": "ec2-us-east-1",
         "service_name": "Amazon EC2", "summary": "Increased errors",
         "event_log": [{"message": "We look.", "status": 3}]}
    ]  # fmt: skip
    reading = read_answer(json.dumps(events).encode("utf-16"))
    assert (reading.kind, [(one.state, one.open, one.parts) for one in reading.entries]) == (
        "aws", [("down", True, ("Amazon EC2", "N. Virginia"))],
    )  # fmt: skip
    assert decide_state(read_answer("[]".encode("utf-16")), ours=(), now=NOW).state == "well"


def test_google_incidents_without_an_end_are_open() -> None:
    incidents = [
        {"id": "g2", "external_desc": "Cloud SQL is slow", "begin": "2026-11-20T20:00:00+00:00", "end": None,
         "status_impact": "SERVICE_OUTAGE", "affected_products": [{"title": "Cloud SQL", "id": "x"}]},
        {"id": "g1", "external_desc": "Over", "begin": "2026-11-01T20:00:00+00:00", "end": "2026-11-01T21:00:00+00:00",
         "status_impact": "SERVICE_OUTAGE"},
    ]  # fmt: skip
    reading = read_answer(json.dumps(incidents).encode())
    assert [(one.key, one.state, one.open) for one in reading.entries] == [("g2", "down", True), ("g1", "well", False)]
    assert decide_state(reading, ours=("Cloud Run",), now=NOW).state == "well"
    assert decide_state(reading, ours=("cloud sql",), now=NOW).state == "down"


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"<html><body>Just a moment</body></html>", b"<feed", b"null", b"3", b'"x"', b"{}", b'{"page": 3}',
     b'{"incidents": 3}', b'{"incidents": [{"id": 1}]}', b"[1]", b'[{"service": 1, "date": []}]', b"\xff\xff\x00",
     b"[" * 9999,
     b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
     b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><rss><channel/></rss>', b"<a>" * 50_000],
)  # fmt: skip
def test_what_is_no_status_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read_answer(body)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://status.example.com", ["https://status.example.com/api/v2/summary.json", "https://status.example.com/summary.json"]),
        ("https://status.example.com/history.atom", ["https://status.example.com/history.atom"]),
        ("https://status.cloud.google.com/", ["https://status.cloud.google.com/incidents.json"]),
        ("https://health.aws.amazon.com/health/status", ["https://health.aws.amazon.com/public/currentevents"]),
        ("https://status.aws.amazon.com/rss/ec2-us-east-1.rss", ["https://status.aws.amazon.com/rss/ec2-us-east-1.rss"]),
    ],
)  # fmt: skip
def test_where_it_is_looked_for(url: str, expected: list[str]) -> None:
    assert candidates(url) == expected


def test_feeds_that_a_page_names_are_found_on_its_own_host_alone() -> None:
    page = b"""<head><link rel="alternate" type="application/atom+xml" href="/history.atom">
    <LINK href='https://elsewhere.example/x.rss' type='application/rss+xml'></head>"""
    assert linked_feeds(page, url="https://s.example/") == ["https://s.example/history.atom"]
