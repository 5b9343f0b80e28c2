"""What is prepared in calm, on a phone and on a desk, light and dark: readiness, the severity table, the dry run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.eyes import look, look_all, open_page
from tests.journeys.company import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PAGES = (
    "/ready/", "/flows/severities/", "/flows/severities/2/", "/flows/checkout/", "/flows/customers/", "/oncall/",
    "/oncall/new/", "/oncall/calendars/", "/oncall/moving/", "/alerts/", "/alerts/reports/", "/alerts/digest/",
    "/oncall/roles/", "/oncall/roles/new/", "/profile/duties/", "/teams/", "/teams/new/",
    "/flows/file/", "/flows/changes/", "/flows/providers/cardgate/", "/flows/customers/1/", "/flows/customers/import/",
    "/flows/checkout/hours/", "/flows/providers/cardgate/facts/", "/flows/new/", "/flows/checkout/edit/",
    "/oncall/paths/new/", "/ready/drills/", "/ready/drills/1/", "/ready/confirm/", "/sample/",
)  # fmt: skip


def test_every_page_of_what_is_prepared_passes(server: Company, ada: Newcomer) -> None:
    page, wrong = open_page(ada())
    for path in PAGES:
        page.goto(server.url + path)
        look_all(page)
    for link in ("Payments, day and night", "Payments, on call"):
        page.goto(f"{server.url}/oncall/")
        page.locator("main, body").get_by_role("link", name=link, exact=True).first.click()
        look_all(page)
    schedule = page.url
    for tail in ("layers/new/", "layers/0/", "calendar/", "swap/", "edit/"):
        page.goto(schedule + tail)
        look_all(page)
    assert wrong == []


def test_a_change_of_the_table_is_seen_in_words_before_it_holds(server: Company, ada: Newcomer) -> None:
    page, wrong = open_page(ada())
    page.goto(f"{server.url}/flows/severities/3/")
    page.get_by_label("Waking hours from").select_option("07:00")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("SEV3 will page only from 07:00 until 22:00;")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("the path, 07:00 to 22:00; at night it waits")).to_be_visible()
    expect(page.get_by_text(re.compile("Ada changed what SEV3 sets in motion"))).to_be_visible()
    assert wrong == []


def test_the_dry_run_answers_for_any_night(server: Company, ada: Newcomer) -> None:
    page, wrong = open_page(ada())
    page.goto(f"{server.url}/oncall/")
    page.get_by_role("link", name="Payments, day and night").click()
    page.get_by_label("When").fill("2030-06-01T02:30")
    page.get_by_role("radio", name="SEV3").check()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="If Checkout broke as SEV3 on Saturday 1 June, 02:30:")).to_be_visible()
    expect(page.get_by_text("SEV3 wakes nobody at night").first).to_be_visible()
    assert wrong == []


def test_a_hole_is_accepted_by_name_on_a_phone(server: Company, ada: Newcomer) -> None:
    page, wrong = open_page(ada())
    page.goto(f"{server.url}/ready/")
    hole = page.get_by_role("listitem").filter(has_text="No alert watches Checkout")
    hole.get_by_text("Give it to someone, or accept it").click()
    hole.get_by_label("Or live with it, because").fill("The alerts move house in spring")
    hole.get_by_role("button", name="Accept it in my name").click()
    expect(hole.get_by_text("Choose a day.")).to_be_visible()
    expect(hole.get_by_label("Or live with it, because")).to_have_value("The alerts move house in spring")
    day = page.evaluate("new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10)")
    hole.get_by_label("until", exact=True).fill(day)
    hole.get_by_role("button", name="Accept it in my name").click()
    expect(hole.get_by_text("The alerts move house in spring", exact=False).first).to_be_visible()
    expect(hole.get_by_text("About €6,200 an hour.")).to_be_visible()
    look(page)
    assert [said for said in wrong if "422" not in said] == []
