"""A page that follows an incident: it says when it is no longer live, and never takes away what somebody typed."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.eyes import open_page
from tests.cast import PASSWORD
from tests.journeys.company import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SILENT = re.compile(r"Not live since \d\d:\d\d:\d\d\. What you see may be old")
TYPED = """() => {
  const field = document.createElement('input');
  field.setAttribute('aria-label', 'probe');
  document.querySelector('[data-region="needs"]').append(field);
}"""


def declared(page: Page, server: Company) -> str:
    """A practice incident; the address of its room."""
    page.goto(f"{server.url}/declare/")
    page.get_by_label("What do you see?").fill("Card payments fail")
    page.get_by_label("This is practice").check()
    page.get_by_role("button", name="Declare it").click()
    page.wait_for_url(re.compile(r"/incidents/\d+/"))
    return page.url.split("#")[0]


def web_of(server: Company) -> int:
    """The process that serves pages, a child of the supervisor."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return next(int(pid) for pid in children if b"\0web\0" in Path(f"/proc/{pid}/cmdline").read_bytes())


def ask(page: Page, room: str, what: str) -> None:
    """A need, from another window."""
    page.goto(f"{room}needs/")
    page.get_by_label("I need").fill(what)
    page.get_by_role("button", name="Ask for it").click()


def test_a_change_arrives_within_a_second_and_typed_words_stay(server: Company, ada: Newcomer) -> None:
    watching, wrong = open_page(ada())
    other, _ = open_page(ada())
    room = declared(watching, server)
    watching.wait_for_timeout(500)
    ask(other, room, "Production read access")
    expect(watching.locator('[data-region="needs"]')).to_contain_text("Production read access", timeout=2_000)

    watching.evaluate(TYPED)
    watching.get_by_label("probe").fill("half a sentence")
    watching.locator("h1").first.click()
    ask(other, room, "A second pair of eyes")
    note = watching.get_by_text("This part has changed.")
    expect(note).to_be_visible(timeout=3_000)
    assert watching.get_by_label("probe").input_value() == "half a sentence"
    expect(watching.locator('[data-region="needs"]')).not_to_contain_text("A second pair of eyes")

    watching.get_by_role("button", name="Show the new state").click()
    expect(watching.locator('[data-region="needs"]')).to_contain_text("A second pair of eyes")
    expect(note).to_have_count(0)
    assert wrong == []
    whoever_must_sign_in_first_keeps_the_words(other, room)


def whoever_must_sign_in_first_keeps_the_words(page: Page, room: str) -> None:
    """Offline nothing is sent; with the session gone the form comes back filled."""
    page.goto(f"{room}needs/")
    page.get_by_label("I need").fill("A third")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("You are offline: nothing was sent.")).to_be_visible()
    page.context.set_offline(False)
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Ask for it").click()
    page.get_by_label("Mail address").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You had to sign in first")).to_be_visible()
    expect(page.get_by_label("I need")).to_have_value("A third")


def test_a_page_that_hears_nothing_says_so_within_ten_seconds_and_recovers(server: Company, ada: Newcomer) -> None:
    page, _ = open_page(ada())
    declared(page, server)
    banner = page.locator("#not-live")
    page.wait_for_timeout(4_000)
    expect(banner).to_be_empty()
    web = web_of(server)
    os.kill(web, signal.SIGSTOP)  # the connection stays open and says nothing, as on a train
    began = time.monotonic()
    try:
        expect(banner).to_contain_text(SILENT, timeout=15_000)
        took = time.monotonic() - began
    finally:
        os.kill(web, signal.SIGCONT)
    assert took < 10
    expect(banner).to_be_empty(timeout=15_000)
