"""Published files: whole, newest, and true about their age."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from firstcall.inform.commands.status_page import change_page, make_page
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.publish import render_due, root, write_version
from firstcall.kernel.actor import MACHINE
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.flow import Flow
from firstcall.respond.commands.incident import open_incident
from firstcall.respond.models.incident import Incident
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WORDS = "Card payments <fail> & hang."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def page() -> StatusPage:
    flow = Flow.objects.create(slug="checkout", name="Checkout")
    return make_page(name="Tillhouse", parts=[("Card payments", flow)], by=MACHINE, now=NOW)


def fail(now: dt.datetime = NOW) -> Incident:
    row = open_incident(
        title="inner words", flow=Flow.objects.get(), severity=1, symptom="", impact_started_at=now, by=MACHINE,
        now=now, accepted=True,
    )  # fmt: skip
    due = {"public": now + 20 * MINUTE}
    publish_update(incident=row, texts={"public": WORDS}, seen=0, next_due=due, by=MACHINE, now=now)
    return row


def file(name: str, slug: str = "tillhouse") -> bytes:
    return (root(private=False) / slug / "current" / name).read_bytes()


def test_a_calm_page_claims_no_more_than_it_knows(page: StatusPage) -> None:
    assert render_due(now=NOW) == 1
    html = file("index.html").decode()
    assert "Everything works, as far as we know." in html
    assert "22:12 UTC</time>" in html
    assert "If that is more than five minutes ago by your clock" in html


def test_html_json_and_feeds_say_the_same(page: StatusPage) -> None:
    fail()
    render_due(now=NOW)
    html = file("index.html").decode()
    assert "Card payments &lt;fail&gt; &amp; hang." in html
    assert "inner words" not in html
    assert "Next update by <strong>" in html
    summary = json.loads(file("api/v2/summary.json"))
    assert summary["status"]["indicator"] == "critical"
    assert summary["incidents"][0]["incident_updates"][0]["body"] == WORDS
    atom, rss = ET.fromstring(file("feed.atom")), ET.fromstring(file("feed.rss"))
    assert [entry.findtext(f"{ATOM}content") for entry in atom.iter(f"{ATOM}entry")] == [f"Investigating: {WORDS}"]
    assert [item.findtext("description") for item in rss.iter("item")] == [f"Investigating: {WORDS}"]
    assert gzip.decompress(file("index.html.gz")) == file("index.html")


def test_it_is_light_and_needs_no_script_of_its_own(page: StatusPage) -> None:
    fail()
    render_due(now=NOW)
    html = file("index.html")
    assert len(html) + len(file("status.css")) < 60_000
    assert b"style=" not in html
    assert html.count(b"<script") == 1


def test_a_promise_that_passed_is_said_to_be_late(page: StatusPage) -> None:
    fail()
    render_due(now=NOW + 21 * MINUTE)
    html = file("index.html").decode()
    assert "The next update was promised for" in html
    assert "; it is late." in html


def test_it_is_confirmed_each_minute_while_open_and_each_five_in_calm(page: StatusPage) -> None:
    assert [render_due(now=NOW + n * MINUTE) for n in (0, 1, 4, 5)] == [1, 0, 0, 1]
    fail(NOW + 6 * MINUTE)
    assert [render_due(now=NOW + n * MINUTE) for n in (6, 6, 7)] == [1, 0, 1]
    assert json.loads(file("version.json"))["confirmed_at"] == (NOW + 7 * MINUTE).isoformat()


def test_an_older_version_never_replaces_a_newer(page: StatusPage) -> None:
    folder, content = root(private=False) / "tillhouse", page.versions.get().content
    write_version(folder, content, number=7, now=NOW)
    write_version(folder, content, number=6, now=NOW + MINUTE)
    write_version(folder, content, number=7, now=NOW - MINUTE)
    about = json.loads(file("version.json"))
    assert (about["number"], about["confirmed_at"]) == (7, NOW.isoformat())


def test_two_older_ones_stay(page: StatusPage) -> None:
    folder, content = root(private=False) / "tillhouse", page.versions.get().content
    for number in range(1, 7):
        write_version(folder, content, number=number, now=NOW + number * MINUTE)
    kept = sorted(path.name[:8] for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    assert kept == ["00000004", "00000005", "00000006"]


def test_a_page_that_is_gone_is_taken_away_and_nothing_that_we_did_not_write(page: StatusPage) -> None:
    render_due(now=NOW)
    page.delete()
    foreign = root(private=False) / "foreign"
    foreign.mkdir()
    (foreign / "current").symlink_to(".")
    render_due(now=NOW + MINUTE)
    assert not (root(private=False) / "tillhouse").exists()
    assert foreign.exists()


def test_a_page_that_can_not_be_rendered_stops_no_other(page: StatusPage) -> None:
    broken = make_page(name="A broken one", parts=[], by=MACHINE, now=NOW)
    broken.versions.update(content={})
    assert render_due(now=NOW) == 1
    assert file("version.json")


def test_a_private_page_is_never_below_the_public_folder(client: Client) -> None:
    make_page(name="Inner", parts=[], private=True, by=MACHINE, now=NOW)
    render_due(now=NOW)
    assert not (root(private=False) / "inner").exists()
    assert client.get("/private/inner/").status_code == 302
    cast = make_cast()
    client.force_login(cast.eve)
    answer = client.get("/private/inner/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert b"Inner" in answer.content
    assert client.get("/private/inner/status.css")["Content-Type"] == "text/css; charset=utf-8"
    assert client.get("/private/inner/../../../data.key").status_code == 404
    assert client.get("/private/nowhere/").status_code == 404


def test_a_part_keeps_its_id_when_the_page_changes(page: StatusPage) -> None:
    part = page.components.get()
    assert part.flow is not None
    other = Flow.objects.create(slug="payouts", name="Payouts")
    by = actor_of(make_cast().ada)
    change_page(page=page, name="Tillhouse", parts=[("Payouts", other), ("Cards", part.flow)], by=by, now=NOW)
    assert [(row.name, row.pk == part.pk) for row in page.components.all()] == [("Payouts", False), ("Cards", True)]
