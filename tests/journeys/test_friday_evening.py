"""The Friday evening, whole (W3, B1 to A3): from a quiet day to the lesson, real programs, a real browser."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.eyes import chromium, look, open_page, person
from tests.cast import PASSWORD
from tests.journeys.company import Company, Sick, wait_until, watched

pytestmark = [pytest.mark.browser, pytest.mark.programs, pytest.mark.both_stores, pytest.mark.timeout(280)]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def prepare(page: Page, company: Company) -> None:
    """Ada, on a quiet day: the flow, what it needs, who is on call, the path, the status page."""
    page.goto(company.welcome)
    look(page)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Mail address").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Your time zone").select_option("Europe/Berlin")
    page.get_by_label("Nothing").check()
    press(page, "Begin")
    look(page, "now-first")
    page.goto(f"{company.url}/people/")
    page.get_by_label("Name", exact=True).fill("Ben")
    page.get_by_label("Mail address").fill("ben@example.com")
    press(page, "Send the invitation")
    look(page)
    page.goto(f"{company.url}/flows/new/")
    page.get_by_label("Name", exact=True).fill("Checkout")
    page.get_by_label("Critical", exact=True).check()
    page.get_by_label("What an hour costs").fill("6200")
    page.get_by_label("Owner").select_option(label="Ada")
    page.get_by_text("Words ready for the night").click()
    page.get_by_label("Words for customers").fill("Card payments at checkout are failing for some shops.")
    look(page)
    with page.expect_navigation():
        press(page, "Save")
    for name, kind in (("Payments", "a part of ours"), ("CardGate", "a third party")):
        what = page.get_by_role("combobox", name="What it needs")
        if not what.is_visible():
            page.get_by_text("Add what it needs").click()
        what.fill(name)
        page.get_by_label("It is", exact=True).select_option(label=kind)
        with page.expect_navigation():  # or the question above is asked of the page that is going away
            press(page, "Add")
    look(page, "flow")


def staff(ben: Page, page: Page, company: Company) -> None:
    """Ben joins by his mail; Ada makes the rotation, the path and the page."""
    wait_until(lambda: company.mail.to("ben@example.com"), what="the invitation")
    link = re.search(r"http://\S+/join/\S+", company.mail.to("ben@example.com")[0].text)
    assert link is not None
    ben.goto(link.group(0))
    look(ben)
    ben.get_by_label("Password").fill(PASSWORD)
    press(ben, "Join")
    page.goto(f"{company.url}/oncall/new/")
    page.get_by_label("Name", exact=True).fill("Payments")
    page.locator("#id_first").select_option(label="Ben")
    page.locator("#id_second").select_option(label="Ada")
    press(page, "Save")
    look(page, "oncall")
    page.goto(f"{company.url}/oncall/paths/new/")
    page.get_by_label("Name", exact=True).fill("Payments, day and night")
    page.locator("#id_target1").select_option(label="Whoever is on call: Payments")
    page.locator("#id_target2").select_option(label="Ada")
    press(page, "Save")
    look(page)
    page.goto(f"{company.url}/flows/checkout/edit/")
    page.get_by_label("Escalation path").select_option(label="Payments, day and night")
    press(page, "Save")
    page.goto(f"{company.url}/pages/new/")
    page.get_by_label("Name", exact=True).fill("Tillhouse")
    press(page, "Publish")
    look(page)


def subscribe(company: Company, browser: Browser) -> None:
    """A customer asks for news by mail and confirms it."""
    guest, _ = open_page(person(browser))
    guest.goto(f"{company.url}/subscribe/tillhouse/")
    guest.get_by_label("Your mail address").fill("orders@bakery.example")
    press(guest, "Send me updates")
    look(guest)
    wait_until(lambda: company.mail.to("orders@bakery.example"), what="the confirmation mail")
    link = re.search(r"http://\S+/confirm/\S+", company.mail.to("orders@bakery.example")[0].text)
    assert link is not None
    guest.goto(link.group(0))
    press(guest, "Yes, that was me")
    look(guest)
    guest.close()


def source_hook(company: Company) -> str:
    """A source for Alertmanager; the address it posts to."""
    key = company.python(
        "from firstcall.detect.commands.source import make_source\n"
        "from firstcall.kernel.actor import MACHINE\n"
        "print(make_source(name='Prometheus', kind='alertmanager', by=MACHINE, now=now())[1])"
    )
    return f"{company.url}/in/{key}/alertmanager"


def pages_to(company: Company, address: str) -> list[str]:
    return [mail.text for mail in company.mail.to(address) if "/p/" in mail.text]


def test_the_friday_evening(tmp_path: Path, store: str) -> None:
    with Company(tmp_path, database_url=store) as company, Sick() as sick, chromium() as browser:
        ada, ada_wrong = open_page(person(browser, phone=False))
        ben, ben_wrong = open_page(person(browser))
        prepare(ada, company)
        staff(ben, ada, company)
        subscribe(company, browser)
        with watched(tmp_path, sick, source_hook(company)):
            break_it(company, sick)
            answer(ben, company)
            read_verdicts(ada, company)
            lead(ada, ben, company)
            ring(ben, ada, company)
            choose(ada, ben, company)
            tell(ada, company)
            sick.failing = sick.slow = 0
        learn(ada, company)
        assert ada_wrong == []
        assert ben_wrong == []


def break_it(company: Company, sick: Sick) -> None:
    """23:00. The repeat does not page twice, the second alert joins, what does not matter waits."""
    sick.failing = 1
    wait_until(lambda: pages_to(company, "ben@example.com"), seconds=30, what="the page")
    sick.slow = sick.reports = 1
    time.sleep(5)  # Alertmanager repeats every two seconds
    assert len(pages_to(company, "ben@example.com")) == 1
    said = company.python(
        "from firstcall.detect.models.alert import Alert\n"
        "for a in Alert.objects.order_by('title'): print(a.title, '|', a.verdict, '|', a.heard.count > 1)"
    ).splitlines()
    assert said[0] == "Card payments fail at Checkout | page | True"
    assert said[1].startswith("Card payments take long | join")
    assert said[2].startswith("Reports load slowly | digest")


def answer(ben: Page, company: Company) -> None:
    """Ben is woken, opens the link on his phone and has it."""
    mail = next(mail for mail in company.mail.to("ben@example.com") if "/p/" in mail.text)
    assert str(mail.message["Subject"]).startswith("SEV2 Checkout: Card payments fail")
    link = re.search(r"http://\S+/p/[^\s>]+", mail.text)
    assert link is not None
    ben.goto(link.group(0))
    look(ben, "page")
    press(ben, "I have it")
    expect(ben.get_by_text("You have it")).to_be_visible()
    look(ben)


def read_verdicts(ada: Page, company: Company) -> None:
    """Each alert says what became of it, and why."""
    ada.goto(f"{company.url}/alerts/")
    look(ada, "alerts")
    expect(ada.get_by_text("Checkout is critical").first).to_be_visible()
    ada.goto(f"{company.url}/alerts/digest/")
    look(ada, "digest")
    expect(ada.get_by_text("Reports load slowly").first).to_be_visible()


def lead(ada: Page, ben: Page, company: Company) -> None:
    """Triage is accepted, roles are taken; each sees the other's change within a second."""
    ada.goto(f"{company.url}/incidents/1/")
    look(ada, "room-triage")
    press(ada, "Yes, work on it")
    expect(ada.locator("#region-next")).to_be_focused()
    expect(ada.get_by_text("It is an incident now, and its clocks run.")).to_be_in_viewport()
    ada.goto(f"{company.url}/incidents/1/known/")
    ada.get_by_label("What do people see?").fill("Card payments are declined")
    began = dt.datetime.now(ZoneInfo("Europe/Berlin")) - dt.timedelta(minutes=18)
    ada.get_by_label("Since when were people hit?").fill(f"{began:%H:%M}")  # a customer has said so
    press(ada, "Keep this")
    ben.goto(f"{company.url}/incidents/1/")
    look(ben, "room-phone")
    ada.goto(f"{company.url}/incidents/1/needs/")
    ben.wait_for_timeout(1500)
    ada.get_by_label("What is needed").or_(ada.locator("[name=what]")).first.fill("production read access for Ben")
    press(ada, "Ask for it")
    asked = time.monotonic()
    expect(ben.get_by_text("production read access for Ben").first).to_be_visible(timeout=3000)
    assert time.monotonic() - asked < 1.5
    look(ada, "room")


def ring(ben: Page, ada: Page, company: Company) -> None:
    """A customer in no list calls while Ben scrolls in the room. What he chose stays when he writes the name."""
    edge = ben.locator(".filters a").last
    edge.scroll_into_view_if_needed()
    box, bell = edge.bounding_box(), ben.get_by_role("link", name="Customer calling")
    assert box is not None and box["x"] + box["width"] <= 390
    expect(bell).to_be_in_viewport(ratio=1)
    bell.click()
    ben.get_by_label("Checkout", exact=True).check()
    expect(ben.get_by_text("add this to its room")).to_be_visible()
    ben.get_by_label("Who is it?").fill("Corner Bakery")
    expect(ben.get_by_text("Nobody of that name is listed.")).to_be_visible()
    expect(ben.get_by_label("Checkout", exact=True)).to_be_checked()
    ben.get_by_label("Their number").fill("+49 000 7")
    look(ben, "call")
    ben.get_by_role("button", name=re.compile("^Save, and call back at")).click()
    expect(ben).to_have_url(f"{company.url}/incidents/1/")
    answers = ada.locator('[data-region="answers"]')
    for words in ("1 report", "Told us themselves: Corner Bakery.", "+49 000 7"):
        expect(answers).to_contain_text(words)


def choose(ada: Page, ben: Page, company: Company) -> None:
    """A decision with two options is put, compared and made; it stands in the timeline with its reason."""
    ada.goto(f"{company.url}/incidents/1/decisions/")
    ada.get_by_label("The question").fill("Take checkout to the second route?")
    for n, (what, users) in enumerate(
        (("Take it", "Cards work again"), ("Wait for CardGate", "Nobody can pay by card"))
    ):
        ada.locator(f"[name=title{n}]").fill(what)
        ada.locator(f"[name=users{n}]").fill(users)
        ada.locator(f"[name=data{n}]").fill("none at risk")
        ada.locator(f"[name=say{n}]").fill("We are on it.")
    look(ada, "decision")
    press(ada, "Compare and decide")
    ada.get_by_label("Take it").check()
    ada.get_by_label("Why this one?").fill("No data is at risk.")
    look(ada, "decision-compare")
    press(ada, "Decide")
    expect(ben.get_by_text("No data is at risk.").first).to_be_visible(timeout=5000)


def tell(ada: Page, company: Company) -> None:
    """An update for each audience; the page changes, the subscriber hears once."""
    ada.goto(f"{company.url}/incidents/1/update/")
    look(ada, "update")
    page_words = "Card payments at checkout are failing for some shops. Our team is working on it."
    ada.get_by_label("Words for Public").fill(page_words)
    ada.get_by_role("button", name=re.compile("^Post to 1 subscriber")).click()
    expect(ada).to_have_url(re.compile("/incidents/1/#region-next$"))
    summary = f"{company.url}/status/tillhouse/api/v2/summary.json"

    def told() -> bool:
        with urllib.request.urlopen(summary) as reply:
            return bool(json.load(reply)["incidents"])

    wait_until(told, seconds=5, what="the word on the status page")
    ada.goto(f"{company.url}/status/tillhouse/")
    expect(ada.get_by_text(page_words)).to_be_visible()
    look(ada, "status")
    wait_until(lambda: len(company.mail.to("orders@bakery.example")) == 2, what="the subscriber's mail")
    with urllib.request.urlopen(f"{company.url}/status/tillhouse/feed.atom") as reply:
        assert b"Card payments at checkout" in reply.read()


def learn(ada: Page, company: Company) -> None:
    """Resolved; the draft from the timeline, a finding, an action with owner and date, the cost."""
    ada.goto(f"{company.url}/incidents/1/state/")
    ada.get_by_label("Resolved").check()
    ada.get_by_label("Resolve all the same").check()  # the rule in Prometheus never calms down
    ada.locator("[name=reason]").fill("CardGate switched back.")
    press(ada, "Change state")
    look(ada, "room-resolved")
    ada.goto(f"{company.url}/incidents/1/postmortem/")
    press(ada, "Draft the postmortem")
    ada.get_by_label("What was found").fill("CardGate has no fallback")
    ada.get_by_label("What does this mean for what we build?").fill("A second card provider on the roadmap.")
    press(ada, "Add the finding")
    ada.get_by_label("What will be done").fill("Price a second card provider")
    ada.get_by_label("Who does it").select_option(label="Ada")
    ada.get_by_label("Until").fill(str(dt.datetime.now(ZoneInfo("Europe/Berlin")).date() + dt.timedelta(weeks=7)))
    press(ada, "Add the action")
    expect(ada.get_by_text("Price a second card provider").first).to_be_visible()
    expect(ada.get_by_text("Revenue at risk")).to_be_visible()
    look(ada, "postmortem")
    ada.goto(f"{company.url}/actions/")
    look(ada, "actions")
    assert len(company.mail.to("orders@bakery.example")) == 2
