"""Pictures of what is prepared in calm, for the guides: the sample company in a real browser, on a phone and a desk.

`python -m tools.shots FOLDER` writes <page>-phone.png and <page>-desktop.png.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.eyes import chromium, person
from tests.journeys.company import Company

PASSWORD = "correct horse battery staple"
PAGES = {"map": "/flows/map/", "what-if": "/flows/map/?node=component:payments", "readiness": "/ready/"}


def begin(browser: Browser, company: Company) -> Path:
    """The first account, with the sample company; the file of the browser's session."""
    with person(browser) as context:
        page = context.new_page()
        page.goto(company.welcome)
        for label, value in (("Your name", "Ada"), ("Mail address", "ada@example.com"), ("Password", PASSWORD)):
            page.get_by_label(label).fill(value)
        page.get_by_label("Your time zone").select_option("Europe/Berlin")
        page.get_by_label("A sample company").check()
        page.get_by_role("button", name="Begin").click()
        page.wait_for_load_state()
        context.storage_state(path=company.folder / "ada.json")
    return company.folder / "ada.json"


def take(page: Page, name: str, folder: Path) -> None:
    """The first screen of a page, as a person sees it who opens it."""
    page.wait_for_load_state()
    page.screenshot(path=str(folder / f"{name}.png"))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, chromium() as browser, Company(Path(home)) as company:
        state = begin(browser, company)
        for phone in (True, False):
            kind = "phone" if phone else "desktop"
            with person(browser, phone=phone, state=state) as context:
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(company.url + path)
                    take(page, f"{name}-{kind}", folder)
                page.goto(f"{company.url}/oncall/")
                page.locator("h2 a").first.click()
                take(page, f"schedule-{kind}", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
