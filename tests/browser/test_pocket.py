"""The pocket sheet without a network, on paper, and gone at sign-out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.eyes import look, look_all, open_page, person
from tests.cast import PASSWORD
from tests.journeys.company import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def kept(page: Page, wanted: bool) -> None:
    page.wait_for_function(f"async () => !!(await caches.match('/pocket/')) === {'true' if wanted else 'false'}")


def test_the_kept_sheet_opens_without_a_network(server: Company, ada: Newcomer) -> None:
    context = ada()
    page, wrong = open_page(context)
    page.goto(f"{server.url}/pocket/")
    kept(page, wanted=True)
    look(page, "pocket")
    look_all(page)
    assert wrong == []
    context.set_offline(True)
    page.goto(f"{server.url}/")
    expect(page.get_by_role("heading", name=re.compile("Pocket sheet as of"))).to_be_visible()
    expect(page.get_by_text("This copy is from today.")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.pocket ul')).listStyleType") == "none"
    page.clock.install()
    page.clock.fast_forward(8 * 86_400_000)
    page.reload()
    expect(page.get_by_text("This copy is 8 days old. Ask somebody before you trust it")).to_be_visible()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{server.url}/people/")


def test_sign_out_removes_it(server: Company, browser: Browser) -> None:
    with person(browser) as context:
        page, wrong = open_page(context)
        page.goto(f"{server.url}/account/login/")
        page.get_by_label("Mail address").fill("ada@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        kept(page, wanted=True)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/account/**")
        kept(page, wanted=False)
        assert wrong == []


def test_it_prints_on_one_side(server: Company, ada: Newcomer, tmp_path: Path) -> None:
    page, wrong = open_page(ada(phone=False, dark=True))
    page.goto(f"{server.url}/pocket/")
    paper = page.pdf(prefer_css_page_size=True, path=tmp_path / "pocket.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert wrong == []


def test_the_way_to_a_first_night_passes(server: Company, ada: Newcomer) -> None:
    page, wrong = open_page(ada())
    for step in ("", "business/", "business/payments/", "people/", "path/", "test/"):
        page.goto(f"{server.url}/start/{step}")
        look_all(page)
    assert wrong == []
