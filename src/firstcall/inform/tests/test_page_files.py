"""The files of a status page, from its content alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from firstcall.inform.rules.page_files import days, json_files, sentence
from firstcall.inform.templatetags.public_page import span

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


def content(*, over: bool = False) -> dict[str, Any]:
    update = {
        "id": "42-1",
        "state": "resolved" if over else "investigating",
        "text": "Card payments fail.",
        "at": "2026-11-20T22:05:00Z",
        "next_due_at": None,
    }
    incident = {
        "id": "42", "reference": "INC-42", "name": "Card payments fail", "state": update["state"], "severity": 1,
        "flow": 7, "started_at": "2026-11-20T21:54:00Z", "over_at": "2026-11-20T22:05:00Z" if over else None,
        "next_due_at": None, "updates": [update],
    }  # fmt: skip
    return {
        "v": 1, "at": "2026-11-20T22:05:00Z",
        "page": {"id": "1", "slug": "tillhouse", "name": "Tillhouse", "since": "2026-08-01T00:00:00Z"},
        "indicator": "none" if over else "critical", "open": not over,
        "components": [{"id": "3", "name": "Checkout", "flow": 7, "status": "operational" if over else "major_outage"}],
        "incidents": [incident],
    }  # fmt: skip


def test_the_sentence_on_top_is_what_was_said() -> None:
    assert sentence(content()) == "Card payments fail."
    assert sentence(content(over=True)) == "Everything works, as far as we know."
    watched = content()
    watched["incidents"][0]["state"] = "monitoring"
    said = "Card payments fail: a repair is in place, and we are watching that it holds."
    assert sentence(watched) == said


def test_minutes_of_failure_fall_on_their_days() -> None:
    row = days(content(), now=NOW)[0]
    assert (len(row["days"]), row["bad"][0].minutes, row["share"]) == (90, 18, "99.99")


def test_when_it_worked_in_between_it_did_not_fail() -> None:
    back = content(over=True)
    back["incidents"][0]["worked"] = [["2026-11-20T21:58:00Z", "2026-11-20T22:02:00Z"]]
    assert days(back, now=NOW)[0]["bad"][0].minutes == 7
    assert span(back["incidents"][0]) == "7 min"


def test_of_days_before_the_page_was_there_nothing_is_claimed() -> None:
    young = content()
    young["page"]["since"] = "2026-11-19T12:00:00Z"
    row = days(young, now=NOW)[0]
    assert [day.minutes for day in row["days"]] == [None] * 88 + [0, 18]
    assert row["share"] == "99.12"
    young["page"]["since"] = "2026-11-20T12:00:00Z"
    assert days(young, now=NOW)[0]["share"] == ""


def test_statuspage_clients_find_what_they_look_for() -> None:
    files = json_files(content(), base="http://localhost/status/tillhouse", now=NOW)
    summary = files["api/v2/summary.json"]
    assert summary["status"] == {"indicator": "critical", "description": "A part does not work."}
    assert summary["components"][0]["status"] == "major_outage"
    assert summary["incidents"][0]["incident_updates"][0]["body"] == "Card payments fail."
    assert json_files(content(over=True), base="x", now=NOW)["api/v2/incidents/unresolved.json"]["incidents"] == []
