"""Who is hit is said by name: customers to tick, a line for others."""

from __future__ import annotations

import pytest
from django.test import Client

from firstcall.detect.commands.report import file_report
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.customer import end_customer
from firstcall.ready.models.customer import Customer
from firstcall.respond.commands.hit import name_hit
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.hit import MOST, Hit, hit_of, may_be_hit
from tests.friday import NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


@pytest.fixture
def cleo(client: Client, friday: Friday) -> Client:
    client.force_login(friday.cast.cleo)
    return client


def customers(*names: str) -> list[Customer]:
    return list(Customer.objects.filter(name__in=names))


def told(incident: Incident) -> list[str]:
    return [one.facts.data["who"] for one in entries_of(incident).filter(kind="incident.hit_named").order_by("pk")]


def test_the_room_asks_in_one_tap_while_nobody_has_said(cleo: Client, friday: Friday) -> None:
    room, form = f"/incidents/{friday.incident.pk}/", f"/incidents/{friday.incident.pk}/hit/"
    friday.flow.customers.clear()
    page = cleo.get(room).content.decode()
    assert "No customer is listed for ‘Checkout’." in page
    assert page.index('id="answer-2" class="ask"') < page.index(f'href="{form}"') < page.index('id="answer-3"')
    answer = cleo.post(form, {"others": " all shops  in the north "})
    assert answer["Location"] == f"{room}#region-next"
    page = cleo.get(room).content.decode()
    assert "all shops in the north." in page and 'class="ask"' not in page


def test_who_called_stands_ticked_and_who_is_in_no_list_is_written_already(cleo: Client, friday: Friday) -> None:
    by = actor_of(friday.cast.cleo)
    for who, customer in (("", customers("Bakery Union")[0]), ("Corner Bakery", None)):
        file_report(seen="x", who=who, customer=customer, incident=friday.incident.pk, by=by, now=NOW)
    page = cleo.get(f"/incidents/{friday.incident.pk}/hit/").content.decode()
    assert page.count(" checked") == 1 and "told us, has a contract" in page
    assert 'name="others" maxlength="200" value="Corner Bakery"' in page
    assert "Harbour Grill" in page and "Bakehouse Lane" not in page


def test_looking_for_another_name_keeps_the_ticks_and_saves_nothing(cleo: Client, friday: Friday) -> None:
    grill, lane = customers("Harbour Grill")[0], customers("Bakehouse Lane")[0]
    sent = {"hit": [grill.pk], "shown": [grill.pk], "others": "and friends", "named": "lane", "find": "yes"}
    page = cleo.post(f"/incidents/{friday.incident.pk}/hit/", sent).content.decode()
    assert f'value="{grill.pk}" checked' in page and f'name="hit" value="{lane.pk}">' in page
    assert 'value="and friends"' in page
    assert (friday.incident.hit.count(), told(friday.incident)) == (0, [])


def test_only_what_was_shown_changes_and_only_a_change_is_told(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    union, grill = customers("Bakery Union"), customers("Harbour Grill")
    for shown, hit, others in ((union, union, ""), (grill, grill, ""), (grill, grill, ""), (union, grill, "us")):
        name_hit(incident=friday.incident, shown=shown, hit=hit, others=others, by=by, now=NOW)
    assert [one.name for one in friday.incident.hit.all()] == ["Harbour Grill"]
    assert told(friday.incident) == ["Bakery Union", "Bakery Union, Harbour Grill", "Harbour Grill, us"]


def test_two_with_the_form_open_keep_each_others_ticks(cleo: Client, friday: Friday) -> None:
    form, at = f"/incidents/{friday.incident.pk}/hit/", friday.incident
    union, grill, lane = (customers(name)[0] for name in ("Bakery Union", "Harbour Grill", "Bakehouse Lane"))
    drawn = {"shown": [union.pk, grill.pk], "was_others": ""}
    cleo.post(form, drawn | {"hit": [union.pk], "others": "the north"})
    cleo.post(form, drawn | {"hit": [grill.pk], "others": ""})
    assert told(at) == ["Bakery Union, the north", "Bakery Union, Harbour Grill, the north"]
    page = cleo.get(form).content.decode()
    assert page.count('name="was" value=') == 2 and 'name="was_others" value="the north"' in page
    found = cleo.post(
        form, {"shown": [union.pk], "was": [union.pk], "named": "harbour", "find": "yes"}
    ).content.decode()
    assert f'value="{grill.pk}" checked' in found and f'name="was" value="{grill.pk}"' in found  # not shown before
    cleo.post(form, {"shown": [union.pk, lane.pk], "was": [union.pk], "was_others": "the north", "others": ""})
    assert told(at)[2:] == ["Harbour Grill"]


def test_a_flow_of_many_shows_some_with_contracts_first_and_finds_the_others(friday: Friday) -> None:
    rows = Customer.objects.bulk_create([Customer(name=f"Shop {n:03}") for n in range(MOST + 9)])
    friday.flow.customers.add(*rows)
    found = may_be_hit(friday.incident)
    assert (len(found), [one.name for one in found[:3]]) == (MOST + 1, ["Bakery Union", "Harbour Grill", "Shop 000"])
    assert [one.name for one in may_be_hit(friday.incident, named="shop 068")] == ["Shop 068"]


def test_until_somebody_is_named_it_is_who_uses_the_flow_and_who_ended_counts_nowhere(friday: Friday) -> None:
    by, at = actor_of(friday.cast.ada), friday.incident
    union, grill, lane = (customers(name)[0] for name in ("Bakery Union", "Harbour Grill", "Bakehouse Lane"))
    assert hit_of(at) == Hit((), "", customers=2, contracts=2, all=3)
    north = name_hit(incident=at, shown=[], hit=[], others="all in the north", by=by, now=NOW)
    assert hit_of(north) == Hit((), "all in the north", customers=2, contracts=2, all=3)
    name_hit(incident=at, shown=[grill, lane], hit=[grill, lane], others="", by=by, now=NOW)
    assert hit_of(at) == Hit(("Bakehouse Lane", "Harbour Grill"), "", customers=2, contracts=1, all=3)
    end_customer(customer=grill, by=by, now=NOW)
    assert hit_of(at) == Hit(("Bakehouse Lane",), "", customers=1, contracts=0, all=2)
    Customer.everybody.filter(pk=union.pk).update(ended_at=NOW)  # as if its flows had been left behind
    end_customer(customer=lane, by=by, now=NOW)
    assert (hit_of(at), hit_of(at).scale) == (Hit((), "", customers=0, contracts=0, all=0), "")


def test_who_only_reads_says_nothing(client: Client, friday: Friday) -> None:
    client.force_login(friday.cast.dana)
    assert client.post(f"/incidents/{friday.incident.pk}/hit/", {"others": "all"}).status_code == 403
    friday.incident.refresh_from_db()
    assert (friday.incident.hit_others, told(friday.incident)) == ("", [])
