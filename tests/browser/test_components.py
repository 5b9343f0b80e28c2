"""The design system keeps its promises: contrast, names, targets, one column on the narrowest phone, our own code."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Newcomer
from tests.browser.eyes import look, open_page, person
from tests.journeys.company import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NARROW = {"width": 320, "height": 640}
OURS = ("/components/", "/profile/", "/account/2fa/", "/account/password/change/", "/account/logout/", "/nothing/")
OUTSIDE = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/components/")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_every_component_passes_and_nothing_of_ours_breaks_the_policy(
    server: Company, ada: Newcomer, phone: bool, dark: bool
) -> None:
    page, wrong = open_page(ada(phone=phone, dark=dark))
    for path in OURS:
        page.goto(server.url + path)
        look(page)
    assert [said for said in wrong if "404" not in said] == []


def test_nothing_scrolls_sideways_on_the_narrowest_phone(server: Company, ada: Newcomer, browser: Browser) -> None:
    page, _ = open_page(ada())
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in (*OURS, "/", "/flows/", "/oncall/", "/declare/", "/people/"):
        page.goto(server.url + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == 320, f"{path} is {width} px wide"
    with person(browser) as stranger:
        outside, wrong = open_page(stranger)
        outside.set_viewport_size(NARROW)  # type: ignore[arg-type]
        for path in OUTSIDE:
            outside.goto(server.url + path)
            look(outside)
        assert wrong == []


def test_the_chosen_colours_stay_and_the_device_gets_its_say_back(server: Company, ada: Newcomer) -> None:
    page, _ = open_page(ada())
    page.goto(f"{server.url}/components/")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{server.url}/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="As the device").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_the_menu_opens_without_a_script(server: Company, browser: Browser, ada: Newcomer) -> None:
    ada()
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, storage_state=server.folder / "ada.json"
    )
    with context:
        page = context.new_page()
        page.goto(f"{server.url}/")
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="On call", exact=True).click()
        expect(page).to_have_url(f"{server.url}/oncall/")
