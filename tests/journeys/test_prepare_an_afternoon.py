"""B1, B2, B3: Ada describes her company from nothing, and on the quiet Tuesday no hole is left that nobody explained.

At the real pages: what they offer is pressed, what they label is filled in. Ben, Cleo and Dana come by their mails.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from typing import Any

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer

from firstcall.deliver.kinds import Parcel
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.fold import fold_inbox
from firstcall.detect.handlers.provider_status import ask_due
from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source
from firstcall.detect.tests.test_feeds import summary
from firstcall.kernel import clock
from firstcall.people.commands.setup import new_setup_link
from firstcall.people.handlers.mail import contact_code, invitation_mail
from firstcall.people.models.team import Team
from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from tests.cast import PASSWORD
from tests.journeys.typist import Typist

TUESDAY = dt.datetime(2026, 11, 24, 13, 0, tzinfo=dt.UTC)
PHONES = {"Ada": "+49 30 5550 0001", "Ben": "+49 30 5550 0002", "Cleo": "+49 30 5550 0003", "Dana": "+49 30 5550 0004"}
WORDS = "{flow} does not work at the moment. We are on it and say more within 30 minutes."
STEPS = "Roll back the last release\nRing Ben\nIt is well when a test order goes through"

# What each flow needs of ours, and what that needs in turn; then the third parties, each with what to do without it.
FLOWS = {
    "Sign in": ("Critical", "4000", "Web front, Accounts, Sessions"),
    "Open and save work": ("Critical", "6000", "Web front, Editor, Documents"),
    "API for customers": ("Critical", "3000", "API gateway, Limits, Documents"),
    "Sign up and pay": ("Critical", "2500", "Web front, Billing, Plans"),
    "Share with others": ("Important", "800", "Invitations, Documents"),
    "Search": ("Important", "500", "Search index, Query cache, API gateway"),
    "Upload a file": ("Important", "900", "Uploads, File store, Checksums"),
    "Export": ("Important", "400", "Exports, Formats, Documents"),
    "Notifications": ("Minor", "", "Notices, Mail queue"),
    "Comments": ("Minor", "", "Comment store, Notices"),
    "Reports": ("Minor", "", "Report builder, Warehouse"),
    "Help pages": ("Minor", "", "Help site, Content store"),
}
PARTS = {
    "Web front": "Assets, Load balancer", "API gateway": "Load balancer, Tokens",
    "Accounts": "Account database, Tokens", "Sessions": "Session cache", "Editor": "Live sync, Assets",
    "Documents": "Document database, File store",
    "Live sync": "Message bus", "Billing": "Billing database, Invoices", "Plans": "Billing database",
    "Invoices": "Mail queue", "Invitations": "Mail queue, Accounts", "Search index": "Indexer",
    "Indexer": "Message bus", "Uploads": "Virus scan, Thumbnails", "Exports": "Job queue", "Notices": "Message bus",
    "Report builder": "Job queue", "Warehouse": "Loader", "Loader": "Document database", "Help site": "Assets",
    "Comment store": "Document database", "Limits": "Session cache", "Thumbnails": "Job queue",
    "Mail queue": "Message bus", "Job queue": "Message bus", "Tokens": "Key store",
}  # fmt: skip
THIRD = {
    "Hostyard": ("Web front, Load balancer", "Start the second site"),
    "CardGate": ("Sign up and pay, Billing", "Take orders, charge later"),
    "Mailrun": ("Accounts, Mail queue", "Send by the second relay"),
    "Textline": ("Accounts", "Codes by mail instead"),
    "Mapview": ("Report builder", "Tables without maps"),
}
ROLES = [
    ("incident owner", "Ada", "Ben"), ("technical lead", "Ben", "Ada"), ("communications lead", "Ada", "Dana"),
    ("support liaison", "Cleo", "Ada"), ("leadership liaison", "Dana", "Ada"),
]  # fmt: skip
CONTRACT = "Has a contract: we owe something when it stops"
WELL = summary(status={"indicator": "none"}, components=[], incidents=[])
pytestmark = pytest.mark.django_db


def latest(kind: str) -> Job:
    job = Job.objects.filter(kind=kind).order_by("-pk").first()
    assert job is not None
    return job


def begin() -> Typist:
    """The set-up link, the sketch of the business, the second person, one path, one test page."""
    ada, link = Typist(Client()), new_setup_link(now=clock.now())
    assert link is not None
    ada.go(link)
    ada.press("Begin", {"Your name": "Ada", "Mail address": "ada@example.com", "Password": PASSWORD})
    ada.go("/start/business/").follow("Software with sign-in")
    ada.press("Keep these", {
        "Name of Hosting": "Hostyard", "Name of Card payments provider": "CardGate", "Name of Mail delivery": "Mailrun",
        "Name of Text messages": "Textline", "Name of Application": "Web front",
    })  # fmt: skip
    ada.press("Invite", {
        "Your telephone": PHONES["Ada"], "The other’s name": "Ben", "The other’s mail address": "ben@example.com",
        "The other’s telephone": PHONES["Ben"],
    })  # fmt: skip
    ada.press("Make this path")
    return ada


def joined(name: str) -> Typist:
    """Somebody invited chooses a password by the link of the mail."""
    parcel = invitation_mail(latest("people.invitation_mail"), now=clock.now())
    assert isinstance(parcel, Parcel)
    link = re.search(r"https?://[^/]+(/join/\S+)", parcel.text)
    assert link is not None
    person = Typist(Client()).go(link[1])
    person.press("Join", {"Password": PASSWORD, "Telephone": PHONES[name]})
    return person


def invited(ada: Typist, name: str, access: str) -> Typist:
    ada.go("/people/").press("Send the invitation", {
        "Name": name, "Mail address": f"{name.lower()}@example.com", "May do": access,
    })  # fmt: skip
    return joined(name)


def verified(person: Typist, address: str) -> None:
    """A way of being paged, proved by the code that was sent there."""
    person.go("/profile/").press("Send a code there", {"How": "Mail", "Address": address})
    parcel = contact_code(latest("people.contact_code"), now=clock.now())
    assert isinstance(parcel, Parcel)
    code = re.search(r"\d{6}", parcel.text)
    assert code is not None
    person.press("Verify", {"Code": code[0]})


def describe_flows(ada: Typist) -> None:
    for name, (critical, cost, _needs) in FLOWS.items():
        known = Flow.objects.filter(name=name).first()
        ada.go(f"/flows/{known.slug}/edit/" if known else "/flows/new/")
        ada.press("Save", {
            "Name": name, critical: "yes", "What an hour costs": cost, "Owner": "Ada", "Who can repair it": "Ben",
            "First steps": STEPS, "Words for customers": WORDS.format(flow=name), "Escalation path": "First path",
            "Words for support": f"We know that {name} does not work, and ring back.",
        })  # fmt: skip


def draw_the_map(ada: Typist) -> None:
    for name, (_critical, _cost, needs) in FLOWS.items():
        need(ada, f"/flows/{Flow.objects.get(name=name).slug}/", needs)
    for name, needs in PARTS.items():
        need(ada, f"/flows/components/{Component.objects.get(name=name).slug}/", needs)
    for provider, (parts, how) in THIRD.items():
        for part in parts.split(", "):
            node = Component.objects.filter(name=part).first()
            ada.go(f"/flows/components/{node.slug}/" if node else f"/flows/{Flow.objects.get(name=part).slug}/")
            ada.press("Add", {
                "What it needs": provider, "It is": "a third party", "Without it": "nothing goes",
                "Fallback": "By hand", "What to do without it": how, "Fallback last tried on": "2026-11-10",
            }, form="/needs/")  # fmt: skip


def need(ada: Typist, path: str, needs: str) -> None:
    ada.go(path)
    for part in needs.split(", "):
        if part not in ada.page.links:
            ada.press("Add", {"What it needs": part, "It is": "a part of ours"}, form="/needs/")


def know_the_third_parties(ada: Typist, feeds: HTTPServer) -> None:
    """Contract, number, what we lose, and the page on which they say how they are: read by the worker."""
    for number, provider in enumerate(Provider.objects.all()):
        feeds.expect_request(f"/{provider.slug}/api/v2/summary.json").respond_with_data(WELL)
        ada.go(f"/flows/providers/{provider.slug}/").follow("Change").press("Save", {
            "Contract number": f"C-{number}", "Their support": "support@example.net", "Telephone": "+49 30 5550 0100",
            "What we lose without it": THIRD[provider.name][1], "Owner": "Ben",
            "Its status page": feeds.url_for(f"/{provider.slug}/"), "First steps": "Ring them, then switch",
        })  # fmt: skip
    assert sum(iter(lambda: ask_due(now=TUESDAY), 0)) == len(THIRD)


def know_the_customers(ada: Typist) -> None:
    for name in ("Norda", "Pinehill", "Quay"):
        ada.go("/flows/customers/new/").press("Save", {
            "Name": name, "Telephone": "+49 30 5550 0200", CONTRACT: "yes", "API for customers": "yes",
            "Account owner": "Ada",
        })  # fmt: skip


def watch(ada: Typist) -> None:
    """A source for each part that tells of itself, and each has spoken once."""
    for part in ("Documents", "Accounts", "Billing"):
        ada.go("/alerts/sources/").press("Make it", {
            "Name": f"Prometheus, {part}", "Prometheus Alertmanager": "yes",
            "About which part, when it doesn't say so": part,
        })  # fmt: skip
    well = {"version": "4", "alerts": [{"status": "resolved", "labels": {"alertname": "Watchdog"}}]}
    said = zlib.compress(json.dumps(well).encode())
    for source in Source.objects.all():
        Inbox.objects.create(source=source, kind=source.kind, received_at=TUESDAY, body=said)
    assert fold_inbox(now=TUESDAY) == 3


def name_the_roles(ada: Typist, everybody: dict[str, Typist]) -> None:
    """Who is told beside the path; who would be what, and each has taken it in person."""
    path = EscalationPath.objects.get().pk
    ada.go(f"/oncall/paths/{path}/lanes/new/").press(
        "Save", {"Tell": "Founder or CTO", "That is": "Dana", "For": "SEV1"}
    )
    for role, name, deputy in ROLES:
        ada.go("/oncall/roles/new/").press("Save", {"Role": role, "Who": name, "Deputy": deputy})
    for person in everybody.values():
        while any(words.startswith("I take this") for form in person.go("/profile/duties/").page.forms
                  for words in form.buttons):  # fmt: skip
            person.press(next(words for form in person.page.forms for words in form.buttons if "I take" in words))


def hold_game_days(ada: Typist) -> None:
    for name in list(FLOWS)[:4]:
        ada.go("/ready/drills/").press("Plan it", {
            "What breaks": name, "We pretend that": f"{name} is gone", "On": "2026-11-24", "Who leads": "Ada",
        })  # fmt: skip
        plan = ada.path
        ada.press("Begin")
        ada.go(plan).press("It is over", {"What was slow or wrong, one thing a line": "Nothing"})


def test_a_company_from_nothing(httpserver: HTTPServer, settings: Any) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    with clock.read_from(lambda: TUESDAY):
        ada = begin()
        everybody = {"Ada": ada, "Ben": joined("Ben")}
        everybody |= {name: invited(ada, name, may) for name, may in (("Cleo", "Support"), ("Dana", "Stakeholder"))}
        for name, members in (("Product", ("Ada", "Cleo")), ("Platform", ("Ben",))):
            ada.go("/teams/new/").press("Save", {"Name": name, **dict.fromkeys(members, "yes")})
        for name in ("Ada", "Ben", "Dana"):
            verified(everybody[name], f"{name.lower()}@phone.example.com")
        describe_flows(ada)
        draw_the_map(ada)
        assert (Flow.objects.count(), Component.objects.count(), Provider.objects.count()) == (12, 40, 5)
        assert (Team.objects.count(), User.objects.count()) == (2, 4)
        know_the_third_parties(ada, httpserver)
        know_the_customers(ada)
        watch(ada)
        name_the_roles(ada, everybody)
        hold_game_days(ada)
        ada.go("/ready/confirm/").press("Give them", {"They are from now on": "Ben"})
        ben = everybody["Ben"].go("/ready/confirm/")
        while "Yes, it is so" in ben.page.text:
            ben.press(next(words for form in ben.page.forms for words in form.buttons if words.startswith("Yes")))
        found = re.search(r"(\d+) of (\d+) things hold\. One hole is open\.", ada.go("/ready/").page.text)
        assert found is not None, ada.page.text
        holds, of = int(found[1]), int(found[2])
        assert (holds, of > 80) == (of - 1, True)
        assert "Hostyard has no fallback; API for customers and 5 more flows stop with it." in ada.page.text
        ada.press(
            "Accept it in my name", {"Or live with it, because": "No second host until June", "until": "2027-06-01"}
        )
        assert "One hole is open, one of them accepted." in ada.page.text
        assert "Accepted by Ada until 1 June 2027: No second host until June" in ada.page.text
        score = f"100 × {holds} ÷ {of} is {100 * holds // of}. A hole that is accepted is still a hole."
        assert score in ada.page.text
        path = EscalationPath.objects.get()
        asked = {
            "/flows/map/?node=component:documents": "If Documents fails, these stop: API for customers, Open and save"
            " work, Export, Share with others. 3 customers; about €10,200 an hour; no fallback.",
            f"/oncall/paths/{path.pk}/?flow=sign-in&severity=1": "If Sign in broke as SEV1 on Saturday 28 November,",
            "/oncall/roles/": "Every role has somebody, all week.",
        }
        for address, words in asked.items():
            assert words in ada.go(address).page.text
