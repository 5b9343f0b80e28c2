"""Watching providers over the real door: found, read, told once, never green for lack of an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_httpserver import HTTPServer
from werkzeug import Response

from firstcall.deliver.kinds import JOB_KINDS, Parcel
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.digest import plan_digest
from firstcall.detect.commands.provider_status import ask_provider, take_provider
from firstcall.detect.handlers.provider_status import ask_due
from firstcall.detect.models.provider_status import ProviderEntry, ProviderStatus
from firstcall.detect.queries.provider_status import provider_standings, unwell_for_critical, watched
from firstcall.detect.tests.test_feeds import ATOM, summary
from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WELL = summary(
    status={"indicator": "none"}, components=[{"name": "Payments API", "status": "operational"}], incidents=[]
)


@pytest.fixture
def provider(httpserver: HTTPServer, settings: Any) -> Provider:
    """Checkout (critical) needs payments, which needs CardGate."""
    settings.ENV = {**settings.ENV, "FIRSTCALL_EGRESS_ALLOW": ["127.0.0.0/8", "::1/128"]}
    row = Provider.objects.create(slug="cardgate", name="CardGate", status_url=httpserver.url_for("/"))
    payments = Component.objects.create(slug="payments", name="Payments")
    flow = Flow.objects.create(slug="checkout", name="Checkout", criticality="critical")
    Dependency.objects.create(flow=flow, component=payments)
    Dependency.objects.create(from_component=payments, provider=row)
    return row


def state_of(provider: Provider, now: dt.datetime) -> str:
    return provider_standings(now=now)[provider.pk].state


def said() -> list[tuple[str, str]]:
    return [
        (one.facts.data["said"], one.facts.data["why"])
        for one in Entry.objects.filter(kind="provider.said").order_by("id")
    ]


def test_its_page_is_found_and_read_and_a_change_is_told_once(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/api/v2/summary.json").respond_with_data(WELL, headers={"ETag": '"one"'})
    assert ask_due(now=NOW) == 1
    row = ProviderStatus.objects.get()
    assert (row.kind, row.address, row.etag) == ("statuspage", httpserver.url_for("/api/v2/summary.json"), '"one"')
    assert (state_of(provider, NOW), said(), watched()) == ("well", [], frozenset({provider.pk}))
    assert ask_due(now=NOW + MINUTE) == 0  # not yet: it is well
    httpserver.expect_oneshot_request("/api/v2/summary.json", headers={"If-None-Match": '"one"'}).respond_with_data(
        summary()
    )
    assert ask_due(now=NOW + 3 * MINUTE) == 1
    assert said() == [("degraded", "It says: Card payments fail")]
    found = provider_standings(now=NOW + 3 * MINUTE)[provider.pk]
    assert (found.state, found.since) == ("degraded", dt.datetime(2026, 11, 20, 21, 51, tzinfo=dt.UTC))
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(summary())
    for minutes in (6, 9, 12):
        assert ask_due(now=NOW + minutes * MINUTE) == 1
    assert (len(said()), ProviderEntry.objects.count()) == (1, 1)


def test_not_modified_is_an_answer_too(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/api/v2/summary.json").respond_with_data(WELL, headers={"ETag": '"one"'})
    ask_due(now=NOW)
    httpserver.expect_request("/api/v2/summary.json").respond_with_data("", status=304)
    ask_due(now=NOW + 3 * MINUTE)
    assert (state_of(provider, NOW + 22 * MINUTE), state_of(provider, NOW + 24 * MINUTE)) == ("well", "unknown")


def test_silence_is_never_green_and_is_asked_patiently(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/api/v2/summary.json").respond_with_data(WELL)
    ask_due(now=NOW)
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(
        "busy", status=503, headers={"Retry-After": "600"}
    )
    ask_due(now=NOW + 3 * MINUTE)
    row = ProviderStatus.objects.get()
    address = httpserver.url_for("/api/v2/summary.json")
    assert (row.failures, row.error) == (1, f"Asked {address}: it answered 503.")
    assert row.next_at == NOW + 13 * MINUTE
    assert state_of(provider, NOW + 10 * MINUTE) == "well"
    late = provider_standings(now=NOW + 21 * MINUTE)[provider.pk]
    assert (late.state, late.since) == ("unknown", NOW)
    assert [one.provider.name for one in unwell_for_critical(now=NOW + 21 * MINUTE)] == ["CardGate"]


def test_a_feed_that_the_page_names_is_taken_if_need_be(provider: Provider, httpserver: HTTPServer) -> None:
    page = '<link rel="alternate" type="application/atom+xml" href="/history.atom">'
    httpserver.expect_request("/").respond_with_data(page)
    httpserver.expect_request("/history.atom").respond_with_data(ATOM)
    ask_due(now=NOW)
    row = ProviderStatus.objects.get()
    assert (row.kind, row.address, row.state) == ("atom", httpserver.url_for("/history.atom"), "degraded")


def test_a_move_is_followed_through_the_guarded_door_alone(provider: Provider, httpserver: HTTPServer) -> None:
    for path in ("/api/v2/summary.json", "/summary.json", "/"):
        httpserver.expect_request(path).respond_with_data(
            "", status=302, headers={"Location": "http://169.254.169.254/"}
        )
    ask_due(now=NOW)
    row = ProviderStatus.objects.get()
    assert (row.read_at, row.failures, state_of(provider, NOW), watched()) == (None, 1, "unknown", frozenset())
    assert "169.254.169.254 is not reached" in row.error


def test_another_address_begins_anew(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(WELL)
    ask_due(now=NOW)
    Provider.objects.update(status_url=httpserver.url_for("/gone.json"))
    provider.refresh_from_db()
    assert (state_of(provider, NOW), watched()) == ("unknown", frozenset())
    assert ask_due(now=NOW) == 1
    assert ProviderStatus.objects.get().error.endswith("it answered 500.")


def test_parts_that_we_use_are_judged_anew_although_nothing_changed(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/api/v2/summary.json").respond_with_data(summary(), headers={"ETag": '"one"'})
    ask_due(now=NOW)
    Provider.objects.update(status_parts="Dashboard")
    httpserver.expect_request("/api/v2/summary.json").respond_with_handler(
        lambda asked: Response("", 304) if "If-None-Match" in asked.headers else Response(summary())
    )
    ask_due(now=NOW + 3 * MINUTE)
    assert state_of(provider, NOW + 3 * MINUTE) == "well"


def test_check_now_is_a_button_and_a_refusal_without_an_address(provider: Provider, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(summary())
    ask_due(now=NOW)
    ask_provider(provider=provider, by=MACHINE, now=NOW)
    assert ask_due(now=NOW) == 1
    bare = Provider.objects.create(slug="bare", name="Bare")
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        ask_provider(provider=bare, by=MACHINE, now=NOW)
    assert (refused.value.field, Entry.objects.count()) == ("status_url", before)


def test_the_pages_say_it(
    provider: Provider, httpserver: HTTPServer, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: Any
) -> None:
    cast, client = make_cast(), Client()
    monkeypatch.setattr("firstcall.kernel.clock.now", lambda: NOW)
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(summary())
    ask_due(now=NOW)
    client.force_login(cast.ada)
    with django_assert_max_num_queries(30):
        page = client.get("/flows/providers/cardgate/").content.decode()
    assert "says degraded" in page
    assert "It says: Card payments fail" in page
    assert "Check now" in page
    assert "says degraded" in client.get("/flows/map/").content.decode()
    assert "It says: Card payments fail" in client.get("/").content.decode()
    assert client.post("/flows/providers/cardgate/ask/").status_code == 302
    assert ProviderStatus.objects.get().next_at == NOW
    client.force_login(cast.dana)
    assert client.post("/flows/providers/cardgate/ask/").status_code == 403


def test_two_workers_never_ask_the_same_one(provider: Provider, httpserver: HTTPServer) -> None:
    assert take_provider(provider=provider, now=NOW) is not None
    assert take_provider(provider=provider, now=NOW) is None


def test_it_is_a_line_of_the_digest_and_no_page(
    provider: Provider, httpserver: HTTPServer, settings: Any, monkeypatch: Any
) -> None:
    settings.ENV = {**settings.ENV, "FIRSTCALL_ZONE": "Europe/Berlin", "FIRSTCALL_DIGEST_HOUR": 9}
    cast, morning = make_cast(), dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
    httpserver.expect_request("/api/v2/summary.json").respond_with_data(summary())
    ask_due(now=NOW)
    assert plan_digest(now=morning) == 2
    job = Job.objects.filter(kind="detect.digest_mail").order_by("id").first()
    prepare = JOB_KINDS["detect.digest_mail"].prepare
    assert prepare is not None
    assert job is not None
    parcel = prepare(job, now=morning)
    assert isinstance(parcel, Parcel)
    assert parcel.subject == "Digest: 1 thing waits"
    for text in (parcel.text, parcel.html):
        assert "CardGate said that it is degraded" in text
        assert "It says: Card payments fail" in text
    monkeypatch.setattr("firstcall.kernel.clock.now", lambda: morning)
    client = Client()
    client.force_login(cast.ada)
    assert "CardGate said that it is degraded" in client.get("/alerts/digest/").content.decode()
    later = morning + dt.timedelta(days=1)
    assert (plan_digest(now=later), Job.objects.filter(kind="respond.page").count()) == (0, 0)
