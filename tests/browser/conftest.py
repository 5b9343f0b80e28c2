"""One browser and one installation for each file that looks at pages: Playwright's loop must not outlive it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.eyes import chromium, person
from tests.cast import PASSWORD
from tests.journeys.company import Company

Newcomer = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Company]:
    """`firstcall up`, with Ada's account and the sample company."""
    with Company(tmp_path_factory.mktemp("browser")) as company:
        with person(browser) as context:
            page = context.new_page()
            page.goto(company.welcome)
            page.get_by_label("Your name").fill("Ada")
            page.get_by_label("Mail address").fill("ada@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_label("Your time zone").select_option("Europe/Berlin")
            page.get_by_label("A sample company").check()
            page.get_by_role("button", name="Begin").click()
            context.storage_state(path=company.folder / "ada.json")
        yield company


@pytest.fixture
def ada(server: Company, browser: Browser) -> Iterator[Newcomer]:
    """Ada in a window of her own: `ada(phone=False, dark=True)`."""
    opened: list[BrowserContext] = []

    def come(**looks: bool) -> BrowserContext:
        context = person(browser, state=server.folder / "ada.json", **looks)
        opened.append(context)
        return context

    yield come
    for context in opened:
        context.close()
