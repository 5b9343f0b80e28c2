"""One's own account: a telephone that got lost is signed out from the desk, by keyboard, and its open page with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.eyes import look, open_page, person
from tests.cast import PASSWORD
from tests.journeys.company import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
STEPS = 60  # presses of the tabulator that reach everything on the page


def tab_to(page: Page, words: str) -> None:
    """Walk with the tabulator until the focus is on what has these words."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == words:
            return
    raise AssertionError(f"'{words}' is not reached by keyboard")


def test_a_lost_telephone_is_signed_out_from_the_desk(server: Company, ada: Newcomer, browser: Browser) -> None:
    desk, _ = open_page(ada(phone=False))
    with person(browser, dark=True) as lost:
        telephone, _ = open_page(lost)
        telephone.goto(f"{server.url}/account/login/")
        telephone.get_by_label("Mail address").fill("ada@example.com")
        telephone.get_by_label("Password").fill(PASSWORD)
        telephone.keyboard.press("Enter")
        telephone.wait_for_url(f"{server.url}/")
        desk.goto(f"{server.url}/profile/")
        look(desk)
        telephone.goto(f"{server.url}/profile/")
        look(telephone)
        telephone.goto(f"{server.url}/")
        tab_to(desk, "Sign out everywhere else")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text(re.compile(r"other sessions? ha(s|ve) ended"))).to_be_visible()
        telephone.wait_for_url(re.compile("/account/login/"), timeout=20_000)
        assert desk.goto(f"{server.url}/profile/").url.endswith("/profile/")  # type: ignore[union-attr]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_of_a_person_passes(server: Company, ada: Newcomer, dark: bool) -> None:
    page, wrong = open_page(ada(dark=dark))
    page.goto(f"{server.url}/people/")
    page.get_by_role("link", name="Ada").first.click()
    page.wait_for_url(re.compile(r"/people/\d+/"))
    look(page)
    assert wrong == []
