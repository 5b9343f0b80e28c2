"""The first 20 minutes on a phone, from the set-up link to an answered test page: taps and fields are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.eyes import look, open_page, person
from tests.cast import PASSWORD
from tests.journeys.company import Company, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
MOST_TAPS, MOST_FIELDS = 10, 10


class Thumb:
    """Presses and types, and counts both. Every page it comes to is looked at."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields = page, 0, 0

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        self.taps += 1
        self.page.wait_for_load_state()
        look(self.page)

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)
        self.fields += 1


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Company]:
    with Company(tmp_path) as company:
        yield company


def link_in_mail(company: Company, subject: str) -> str:
    """The first link of the mail whose subject begins so."""

    def found() -> str:
        for mail in list(company.mail.taken):
            if str(mail.message["Subject"]).startswith(subject):
                return next(iter(re.findall(r"http://\S+", mail.text)), "")
        return ""

    wait_until(found, what=f"the mail '{subject}'")
    return found()


def test_a_first_night_is_prepared_on_a_phone(empty: Company, browser: Browser) -> None:
    with person(browser) as context, person(browser) as mailbox:
        page, wrong = open_page(context)
        ada = Thumb(page)
        page.goto(empty.welcome)
        look(page)
        for label, value in (("Your name", "Ada"), ("Mail address", "ada@example.com"), ("Password", PASSWORD)):
            ada.fill(label, value)
        ada.press("button", "Begin")
        ada.press("link", "Shop")
        ada.fill("Name of Card payments provider", "CardGate")
        ada.press("button", "Keep these")
        ada.fill("Your telephone", "+49 30 5550 0001")
        ada.fill("The other’s name", "Ben")
        ada.fill("The other’s mail address", "ben@example.com")
        ada.fill("The other’s telephone", "+49 30 5550 0002")
        ada.press("button", "Invite")
        ada.press("button", "Make this path")
        ada.press("button", "Send me a test page")
        reader = mailbox.new_page()
        reader.goto(link_in_mail(empty, "TEST PAGE for Ada"))
        look(reader)
        reader.get_by_role("button", name="I have it").click()
        expect(reader.get_by_text("It reached you")).to_be_visible()
        look(reader)
        ada.press("link", "I answered: look again")
        expect(page.get_by_text(re.compile(r"answered after \d+ second"))).to_be_visible()
        ada.press("link", "Done: see what is left")
        expect(page.get_by_role("heading", name="You are ready for a first night.")).to_be_visible()
        expect(page.get_by_text("For the night CardGate is down: whom do you ring there?")).to_be_visible()
        assert link_in_mail(empty, "Ada invites you").startswith(f"{empty.url}/join/")
        print(f"a first night: {ada.taps + 1} taps, {ada.fields} fields")
        assert (ada.taps + 1 <= MOST_TAPS, ada.fields <= MOST_FIELDS) == (True, True)
        assert wrong == []
