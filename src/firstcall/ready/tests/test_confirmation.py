"""What was prepared is said to hold until a day, and asked again after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.confirmation import confirm
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.confirmation import all_kept, due_for
from firstcall.ready.queries.readiness import Seen, readiness
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
TODAY, DAY = NOW.date(), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with clock.read_from(lambda: NOW):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def checkout(cast: Cast) -> Flow:
    return Flow.objects.create(slug="checkout", name="Checkout", criticality="critical", owner=cast.ada, sketched=True)


def test_it_holds_for_ninety_days_and_is_then_asked_again(cast: Cast, checkout: Flow) -> None:
    confirm(row=checkout, by=actor_of(cast.ada), now=NOW)
    checkout.refresh_from_db()
    assert (checkout.confirm_by, checkout.sketched) == (TODAY + 90 * DAY, False)
    assert [one.kind for one in Entry.objects.filter(subject=f"flow:{checkout.pk}")] == ["prepared.confirmed"]
    assert due_for(cast.ada, today=TODAY + 90 * DAY) == []
    assert [one.row for one in due_for(cast.ada, today=TODAY + 91 * DAY)] == [checkout]
    keys = {hole.key for hole in readiness(seen=Seen(1), now=NOW).holes}
    later = {hole.key for hole in readiness(seen=Seen(1), now=NOW + 91 * DAY).holes}
    assert ("confirm:checkout" in keys, "confirm:checkout" in later) == (False, True)


@pytest.mark.parametrize(("days", "sentence"), [(0, "still to come"), (-1, "still to come"), (367, "within a year")])
def test_a_day_that_is_over_or_too_far_is_refused(cast: Cast, checkout: Flow, days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        confirm(row=checkout, until=TODAY + days * DAY, by=actor_of(cast.ada), now=NOW)
    checkout.refresh_from_db()
    assert (refused.value.field, checkout.confirm_by, checkout.sketched) == ("until", None, True)
    assert not Entry.objects.filter(kind="prepared.confirmed").exists()


def test_the_page_says_what_is_mine_and_what_is_nobodys(
    client: Client, cast: Cast, checkout: Flow, django_assert_max_num_queries: Any
) -> None:
    gate = Provider.objects.create(slug="cardgate", name="CardGate")
    client.force_login(cast.ada)
    with django_assert_max_num_queries(12):
        page = client.get("/ready/confirm/").content.decode()
    assert page.index("Yours") < page.index("Checkout") < page.index("Nobody’s") < page.index("CardGate")
    assert client.post(f"/ready/confirm/provider/{gate.pk}/").status_code == 302
    assert client.post(f"/ready/confirm/flow/{checkout.pk}/", {"until": "2026-12-24"}).status_code == 302
    assert [one.row.confirm_by for one in all_kept(today=TODAY)] == [dt.date(2026, 12, 24), TODAY + 90 * DAY]
    assert "Nothing waits to be confirmed." in client.get("/ready/confirm/").content.decode()


@pytest.mark.parametrize("until", ["soon", "2026-99-99"])
def test_what_is_no_day_is_refused(client: Client, cast: Cast, checkout: Flow, until: str) -> None:
    client.force_login(cast.ada)
    page = client.post(f"/ready/confirm/flow/{checkout.pk}/", {"until": until}, follow=True)
    checkout.refresh_from_db()
    assert ("Choose a day." in page.content.decode(), checkout.confirm_by) == (True, None)


def test_what_there_is_not_is_not_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert client.post("/ready/confirm/user/1/").status_code == 404
    assert client.post("/ready/confirm/flow/999/").status_code == 404


def test_many_things_get_an_owner_at_once_or_none_does(cast: Cast, checkout: Flow) -> None:
    gate = Provider.objects.create(slug="cardgate", name="CardGate")
    filed = Provider.objects.create(slug="mailrun", name="Mailrun", origin="catalog.yaml")
    client = Client()
    client.force_login(cast.ada)
    ticked = {"rows": [f"flow:{checkout.pk}", f"provider:{gate.pk}"], "owner": cast.ben.pk}
    assert "They are Ben’s now." in client.post("/ready/confirm/owner/", ticked, follow=True).content.decode()
    checkout.refresh_from_db()
    gate.refresh_from_db()
    assert (checkout.owner, gate.owner) == (cast.ben, cast.ben)
    for refused, sentence in (
        ({**ticked, "owner": ""}, "Choose whose they are."),
        ({"owner": cast.ada.pk}, "Tick what you give away."),
        (
            {"rows": [f"provider:{gate.pk}", f"provider:{filed.pk}"], "owner": cast.ada.pk},
            "This comes from catalog.yaml",
        ),
    ):
        assert sentence in client.post("/ready/confirm/owner/", refused, follow=True).content.decode()
    gate.refresh_from_db()
    assert (gate.owner, Entry.objects.filter(kind="prepared.given").count()) == (cast.ben, 1)
