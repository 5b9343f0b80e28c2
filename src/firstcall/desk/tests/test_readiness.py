"""The page of readiness: what is open, who mends it, what was accepted by name, and where it goes day by day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from firstcall.deliver.kinds import MANAGERS
from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.learn.queries.readiness import readiness_now
from firstcall.people.models.user import Access
from firstcall.ready.commands.component import add_component
from firstcall.ready.commands.sample import load_sample
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.readiness import HoleCare, ReadinessDay, ReadinessLately
from firstcall.ready.rules.holes.hole import told_hole
from tests.cast import Cast, make_cast

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]
MINUTE = dt.timedelta(minutes=1)
GATE = "CardGate has no fallback; Checkout, Payouts and Refunds stop with it."


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    load_sample(by=MACHINE, now=NOW, people=[cast.ada, cast.ben])
    return cast


def text_of(client: Client, path: str = "/ready/") -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


def key(client: Client) -> str:
    """Of the hole on top."""
    found = re.search(r'name="hole" value="([^"]+)"', client.get("/ready/").content.decode())
    assert found is not None
    return found[1]


def test_the_holes_stand_in_order_with_their_price_and_the_formula(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    page = text_of(client)
    found = re.search(r"(\d+) of (\d+) things hold\. +(\d+) holes are open", page)
    assert found is not None
    holds, of, holes = (int(one) for one in found.groups())
    assert holds + holes == of
    assert f"The score: {holds * 100 // of} in a hundred" in page
    assert f"100 × {holds} ÷ {of} is {holds * 100 // of}." in page
    assert (
        page.index(GATE) < page.index("No source of alerts is connected") < page.index("Harbour Grill has a contract")
    )
    assert "About €7,900 an hour." in page
    html = client.get("/ready/").content.decode()
    words = "/flows/payouts/edit/#id_words_customers"
    for address in ("/flows/components/payments/", "/alerts/sources/", words):
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200
    assert re.search(r'href="/flows/customers/\d+/edit/"', html)


def test_the_menu_leads_here_and_now_shows_the_dearest(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    now = client.get("/").content.decode()
    assert 'href="/ready/"' in now and GATE in text_of(client, "/")


def test_somebody_mends_it_by_a_day(client: Client, cast: Cast) -> None:
    client.force_login(cast.ben)
    sent = {"hole": key(client), "act": "give", "person": str(cast.ben.pk), "due": "2026-12-04"}
    assert client.post("/ready/", sent).headers["Location"] == f"/ready/#hole-{quote(sent['hole'])}"
    assert "Ben mends it by 4 December 2026." in text_of(client)
    with clock.read_from(lambda: NOW + dt.timedelta(days=20)):
        client.force_login(cast.ben)
        assert "Ben was to mend it by 4 December 2026." in text_of(client)


def test_accepted_by_name_it_keeps_its_place_and_price_until_it_ends(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    sent = {"hole": key(client), "act": "accept", "reason": "The contract ends in May", "until": "2026-12-31"}
    before = re.findall(r"The score: \d+ in a hundred|100 × \d+ ÷ \d+ is \d+", text_of(client))
    client.post("/ready/", sent)
    page = text_of(client)
    assert re.findall(r"The score: \d+ in a hundred|100 × \d+ ÷ \d+ is \d+", page) == before
    assert len(before) == 2
    assert "One hole is accepted by name and still a hole." in text_of(client, "/")
    assert "Accepted by Ada until 31 December 2026: The contract ends in May" in page
    assert "one of them accepted" in page
    assert "About €7,900 an hour." in page and page.index(GATE) < page.index("No source of alerts")
    assert GATE not in text_of(client, "/")
    with clock.read_from(lambda: NOW + dt.timedelta(days=42)):
        client.force_login(cast.ada)
        assert "Accepted by Ada until 31 December 2026: that is over." in text_of(client)
        assert GATE in text_of(client, "/")
    client.force_login(cast.ada)
    client.post("/ready/", {"hole": key(client), "act": "reopen"})
    assert not HoleCare.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"act": "give", "due": "2026-12-04"}, "Choose who mends it."),
        ({"act": "give", "person": "ada", "due": "2026-12-04"}, "Choose who mends it."),
        ({"act": "give", "person": "PERSON", "due": "soon"}, "Choose a day."),
        ({"act": "give", "person": "PERSON", "due": "2026-99-99"}, "Choose a day."),
        ({"act": "give", "person": "PERSON", "due": "2026-11-01"}, "Choose a day that is still to come."),
        ({"act": "accept", "until": "2026-12-04"}, "Say why it may stay open"),
        ({"act": "accept", "reason": "Later", "until": ""}, "Choose a day."),
        ({"act": "give", "hole": "path:nothing"}, "This hole is closed already."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, cast: Cast, sent: dict[str, str], sentence: str
) -> None:
    client.force_login(cast.ada)
    given = {"hole": key(client), **sent}
    answer = client.post("/ready/", {name: text.replace("PERSON", str(cast.ben.pk)) for name, text in given.items()})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not HoleCare.objects.exists()


@pytest.mark.parametrize("access", [Access.STAKEHOLDER, Access.SUPPORT, Access.COMMUNICATOR])
def test_who_may_only_read_gets_no_form(client: Client, cast: Cast, access: str) -> None:
    client.force_login(cast.ada)
    top = key(client)
    cast.eve.access = access
    cast.eve.save()
    client.force_login(cast.eve)
    assert GATE in text_of(client) and 'name="hole"' not in client.get("/ready/").content.decode()
    sent = {"hole": top, "act": "accept", "reason": "x", "until": "2026-12-31"}
    assert client.post("/ready/", sent).status_code == 403
    assert not HoleCare.objects.exists()


def test_each_day_is_kept_by_the_worker_and_what_was_mended_is_struck_through(client: Client, cast: Cast) -> None:
    run = MANAGERS["learn.readiness"].run
    assert (run(now=NOW - dt.timedelta(days=7)), run(now=NOW - dt.timedelta(days=1))) == (0, 0)
    run(now=NOW - dt.timedelta(days=1))
    assert ReadinessDay.objects.count() == 2
    flow = Flow.objects.get(slug="payouts")
    flow.words_customers = "Payouts are late."
    flow.save()
    run(now=NOW)
    client.force_login(cast.ada)
    page = text_of(client)
    assert "one was mended this week" in page
    assert re.search(r"No words for customers are ready for Payouts\. +last open on Thursday 19 November", page)
    before, after = ReadinessDay.objects.order_by("day")[1:3]
    assert after.holds == before.holds + 1
    assert f"A week ago it was {before.holds} of {before.of}." in page
    assert "Fri 20 Nov" in page and "Thu 19 Nov" in page


def test_an_empty_house_says_what_to_do_first(client: Client) -> None:
    client.force_login(make_cast().ada)
    page = text_of(client)
    assert "Nothing is prepared yet." in page and "Register a flow" in page


def test_it_is_read_in_a_bounded_number_of_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(26):
        readiness_now(now=NOW)


def test_now_shows_what_the_worker_found_last_and_says_how_old_it_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    MANAGERS["learn.readiness"].run(now=NOW)
    row = ReadinessLately.objects.get()
    assert (row.reckoned_at, len(row.holes), row.rest) == (NOW, len(readiness_now(now=NOW).holes), 0)
    assert [told_hole(one) for one in row.holes] == list(readiness_now(now=NOW).holes)
    Dependency.objects.all().delete()
    assert GATE in text_of(client, "/") and "Last looked at" not in text_of(client, "/")
    with clock.read_from(lambda: NOW + 16 * MINUTE):
        client.force_login(cast.ada)
        assert GATE in text_of(client, "/") and re.search(r"Last looked at +11:00", text_of(client, "/"))


@pytest.mark.parametrize(
    ("news", "after", "anew"),
    [(False, 9 * MINUTE, False), (False, 10 * MINUTE, True), (True, MINUTE, True)],
    ids=["nothing new", "time has passed", "something prepared was changed"],
)
def test_the_worker_looks_anew_at_news_and_every_ten_minutes(
    cast: Cast, news: bool, after: dt.timedelta, anew: bool
) -> None:
    run = MANAGERS["learn.readiness"].run
    run(now=NOW)
    if news:
        add_component(name="Ledger", owner=cast.ada, by=MACHINE, now=NOW + MINUTE)
    run(now=NOW + after)
    assert ReadinessLately.objects.get().reckoned_at == (NOW + after if anew else NOW)


def test_more_than_is_kept_is_counted(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    MANAGERS["learn.readiness"].run(now=NOW)
    row = ReadinessLately.objects.get()
    row.holes, row.rest = [*row.holes[:2], {**row.holes[2], "page": "a page of an older version"}], 70
    row.save()
    page = client.get("/").content.decode()
    assert "And 70 more" in page and '<a href="/ready/">' in page
