"""Who is named as hit is whom every phase reckons with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstcall.inform.queries.words import facts_of
from firstcall.kernel import clock
from firstcall.kernel.say import plain
from firstcall.learn.queries.incident import cost_of_incident
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.respond.commands.hit import name_hit
from firstcall.respond.commands.severity import change_severity
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Page
from firstcall.respond.queries.page import briefing_of
from tests.friday import NOW, Friday, make_friday

pytestmark = pytest.mark.django_db


@pytest.fixture
def friday() -> Iterator[Friday]:
    with clock.read_from(lambda: NOW):
        yield make_friday()


def test_words_the_page_the_call_and_the_cost_reckon_with_who_is_named(
    client: Client, friday: Friday, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by, at = actor_of(friday.cast.ada), friday.incident
    grill = Customer.objects.filter(name="Harbour Grill")
    name_hit(incident=at, shown=grill, hit=grill, others="", by=by, now=NOW)
    at = Incident.objects.select_related("flow").get()
    with django_assert_num_queries(4):
        words = facts_of(at)
    assert (words.scale, words.hit, words.contracts, words.some) == ("1 of 3", ("Harbour Grill",), 1, True)
    page = Page.objects.select_related("escalation__incident__flow").get()
    briefing = briefing_of(page, viewer=friday.cast.ben, now=NOW)
    assert (briefing.customers, briefing.named) == (1, True)
    owed = "Credits owed by contract to 1 customer that is hit and trust lost are not in it."
    assert [plain(one) for one in cost_of_incident(at, now=NOW).missing] == [owed]
    client.force_login(friday.cast.cleo)
    for who, is_hit in (("Harbour Grill", True), ("Bakery Union", False)):
        found = client.get("/call/", {"who": who, "part": "found"}).content.decode()
        assert (f"{who} is hit." in found) is is_hit
    change_severity(incident=at, severity=1, reason="many", by=by, now=NOW)
    assert "Harbour Grill not called." in client.get(f"/incidents/{at.pk}/").content.decode()
