"""The map's pages: what if this fails, what stops things alone, and parts one can change."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.test import Client

from firstcall.kernel import clock
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready.commands.component import add_component, add_dependency, add_provider
from firstcall.ready.commands.customer import add_customer
from firstcall.ready.commands.flow import change_flow, register_flow
from firstcall.ready.commands.part import change_part, remove_part
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.what_if import what_if
from tests.cast import Cast

NOW = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


@pytest.fixture
def cardgate(cast: Cast) -> Provider:
    """Checkout (6,200 to 8,600 an hour) and Refunds (500) stop with CardGate; Reports goes worse."""
    checkout = register_flow(
        name="Checkout", criticality="critical", cost_per_hour=6200, cost_per_hour_most=8600, owner=cast.ada,
        technical_owner=cast.ben, words_customers="Card payments are failing.", **SAY,
    )  # fmt: skip
    refunds = register_flow(name="Refunds", criticality="important", cost_per_hour=500, **SAY)
    reports = register_flow(name="Reports", criticality="minor", **SAY)
    payments = add_component(name="Payments", owner=cast.ben, first_steps="Roll back.\nCall CardGate.", **SAY)
    provider = add_provider(name="CardGate", phone="+49 30 5550 0200", support_contact="priority desk", **SAY)
    for flow in (checkout, refunds):
        add_dependency(needs=flow, needed=payments, **SAY)
    add_dependency(needs=payments, needed=provider, **SAY)
    add_dependency(needs=reports, needed=payments, hard=False, **SAY)
    add_customer(name="Bakery Union", flows=[checkout, refunds], contract=True, **SAY)
    add_customer(name="Kiosk North", flows=[checkout], **SAY)
    return provider


def test_what_if_counts_customers_once_and_adds_what_is_known(cardgate: Provider) -> None:
    found = what_if(cardgate, now=NOW)
    assert [(hit.flow.name, hit.stopped, hit.customers) for hit in found.hits] == [
        ("Checkout", True, 2), ("Refunds", True, 1), ("Reports", False, 0),
    ]  # fmt: skip
    assert (found.hour.least, found.hour.most, found.hour.unpriced) == (6700, 9100, 0)
    assert (found.customers, found.contracts) == (2, 1)
    assert found.bare
    assert [ring.name for ring in found.rings] == ["priority desk", "Ben", "Ada"]


def test_the_map_says_it_in_a_sentence_and_lists_what_stops_things_alone(client: Client, cardgate: Provider) -> None:
    page = client.get("/flows/map/?node=provider:cardgate").content.decode()
    assert "If CardGate fails, these stop:" in page
    assert "€6,700–€9,100" in page
    assert 'href="tel:+49 30 5550 0200"' in page
    assert "Card payments are failing." in page
    whole = client.get("/flows/map/").content.decode()
    assert "What stops things alone" in whole
    assert whole.index(">CardGate</a>") < whole.index("third party")


def test_by_the_hour_of_the_week_it_says_now_and_the_dearest(client: Client, cardgate: Provider) -> None:
    week = [100] * 168
    week[4 * 24 + 22], week[5 * 24 + 9] = 4000, 9000  # Friday 22:00, which is now, and Saturday 09:00
    Flow.objects.filter(slug="checkout").update(by_hour=week)
    found = what_if(cardgate, now=NOW)
    assert [(hit.hour.least, hit.hour.most) for hit in found.hits] == [(4000, 4000), (500, 500), (None, None)]
    assert (found.hour.least, found.hour.most) == (4500, 4500)
    assert found.dearest is not None
    assert (found.dearest.day, found.dearest.time, found.dearest.hour.least) == ("Saturday", "09:00", 9500)
    with clock.read_from(lambda: NOW):
        page = client.get("/flows/map/?node=provider:cardgate").content.decode()
        whole = client.get("/flows/map/").content.decode()
    assert "€4,500 an hour now, €9,500 in the dearest (Saturday 09:00)" in page
    assert "What stops costs most on Saturday from 09:00: €9,500 in that hour." in page
    assert "€4,500 now" in whole and "Saturday 09:00: €9,500" in whole
    assert what_if(cardgate, now=NOW + dt.timedelta(hours=1)).hour.least == 600


def test_the_flow_itself_can_be_asked(client: Client, cardgate: Provider) -> None:
    page = client.get("/flows/map/?node=flow:checkout").content.decode()
    assert "If Checkout fails, this stops:" in page


def test_a_fallback_by_itself_ends_the_ripple(cardgate: Provider) -> None:
    payments = Component.objects.get()
    add_dependency(needs=payments, needed=cardgate, fallback="automatic", how="second route", **SAY)
    assert what_if(cardgate, now=NOW).hits == []


def test_a_fallback_tried_tomorrow_is_refused(cardgate: Provider) -> None:
    with pytest.raises(Refused) as refused:
        add_dependency(
            needs=Component.objects.get(), needed=cardgate, fallback="manual", tested=dt.date(2026, 11, 21), **SAY
        )
    assert refused.value.field == "tested"
    assert Dependency.objects.get(provider=cardgate).fallback == "none"


def test_circles_are_allowed_and_shown(client: Client, cardgate: Provider) -> None:
    payments, ledger = Component.objects.get(), add_component(name="Ledger", **SAY)
    add_dependency(needs=payments, needed=ledger, **SAY)
    add_dependency(needs=ledger, needed=payments, **SAY)
    assert "Payments, Ledger all need each other" in client.get("/flows/map/").content.decode()


def test_facts_of_a_provider_are_changed_on_its_page(client: Client, cardgate: Provider, cast: Cast) -> None:
    said = {
        "name": "CardGate", "owner": cast.ada.pk, "contract": "4471", "without": "No card payments.",
        "first_steps": "Call them.\n\nSay contract 4471.", "status_url": "https://status.cardgate.example",
    }  # fmt: skip
    answer = client.post("/flows/providers/cardgate/facts/", said)
    assert answer["Location"] == "/flows/providers/cardgate/"
    cardgate.refresh_from_db()
    assert (cardgate.contract, cardgate.owner, cardgate.first_steps) == (
        "4471",
        cast.ada,
        "Call them.\nSay contract 4471.",
    )
    page = client.get("/flows/providers/cardgate/").content.decode()
    assert "Never tried in a drill." in page
    assert "contract 4471" in page


@pytest.mark.parametrize("kind", ["flows", "nothing"])
def test_only_parts_have_such_a_page(client: Client, cardgate: Provider, kind: str) -> None:
    assert client.get(f"/flows/{kind}/cardgate/facts/").status_code == 404


def test_eight_steps_are_refused_and_nothing_changes(client: Client, cardgate: Provider) -> None:
    answer = client.post("/flows/components/payments/facts/", {"name": "Pay", "first_steps": "\n".join("12345678")})
    assert answer.status_code == 422
    assert "Seven lines at most" in answer.content.decode()
    assert Component.objects.get().name == "Payments"


NEED = {"kind": "component", "hard": "yes", "fallback": "none", "how": "Ring them."}


@pytest.mark.parametrize("place", ["checkout", "components/payments"])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "cardgate"}, "cardgate is a third party. Choose that, or another name."),
        ({"name": "Payments", "kind": "provider"}, "Payments is a part of ours. Choose that, or another name."),
        ({"name": "Risk", "tested": "2999-01-01"}, "That day is still to come."),
        ({"name": "Risk", "tested": "soon"}, "That is no day. It looks like 2026-11-20."),
        ({"name": ""}, "Fill this in."),
    ],
)
def test_a_need_that_is_refused_keeps_what_was_typed_and_makes_no_part(
    client: Client, cardgate: Provider, place: str, given: dict[str, str], why: str
) -> None:
    answer = client.post(f"/flows/{place}/needs/", {**NEED, **given})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert '<details class="section-life" open>' in page and 'value="Ring them."' in page
    assert (Component.objects.count(), Provider.objects.count(), Dependency.objects.count()) == (1, 1, 4)


def test_two_of_a_kind_have_two_names(client: Client, cardgate: Provider) -> None:
    bank = add_provider(name="Bank", **SAY)
    answer = client.post("/flows/providers/bank/facts/", {"name": "cardgate", "phone": "112"})
    assert (answer.status_code, "cardgate is there already." in answer.content.decode()) == (422, True)
    answer = client.post("/flows/new/", {"name": "checkout ", "criticality": "minor"})
    assert (answer.status_code, "checkout is there already." in answer.content.decode()) == (422, True)
    bank.refresh_from_db()
    assert (bank.name, bank.phone, Flow.objects.count()) == ("Bank", "", 3)
    with pytest.raises(Refused):
        change_flow(flow=Flow.objects.get(slug="refunds"), name="Reports", **SAY)
    assert register_flow(name="Checkout", sample=True, **SAY).slug == "checkout-2"


def test_a_third_party_is_rung_in_figures(client: Client, cardgate: Provider) -> None:
    answer = client.post("/flows/providers/cardgate/facts/", {"name": "CardGate", "phone": "call me maybe"})
    assert (answer.status_code, "can’t be dialled" in answer.content.decode()) == (422, True)
    assert Provider.objects.get().phone == "+49 30 5550 0200"


def test_the_map_leads_to_the_page_of_what_is_chosen(client: Client, cardgate: Provider) -> None:
    page = client.get("/flows/map/?node=provider:cardgate").content.decode()
    assert '<a class="btn" href="/flows/providers/cardgate/">Open CardGate</a>' in page


def test_what_came_from_a_file_is_not_edited_by_hand(cardgate: Provider) -> None:
    Provider.objects.update(origin="catalog.yaml")
    Flow.objects.update(origin="catalog.yaml")
    cardgate.refresh_from_db()
    with pytest.raises(Refused):
        change_part(part=cardgate, name="Other", **SAY)
    with pytest.raises(Refused):
        remove_part(part=cardgate, **SAY)
    with pytest.raises(Refused):
        change_flow(flow=Flow.objects.get(slug="checkout"), stops="x", **SAY)
    assert Provider.objects.get().name == "CardGate"


def test_saying_its_facts_makes_it_no_sketch(cardgate: Provider) -> None:
    Provider.objects.update(sketched=True)
    cardgate.refresh_from_db()
    change_part(part=cardgate, phone="1", **SAY)
    assert not Provider.objects.get().sketched


def test_another_set_of_steps_was_never_tried(cardgate: Provider) -> None:
    payments = Component.objects.get()
    payments.first_steps_tried = dt.date(2026, 10, 1)
    payments.save()
    change_part(part=payments, first_steps="Roll back.\nCall CardGate.", **SAY)
    assert payments.first_steps_tried == dt.date(2026, 10, 1)
    change_part(part=payments, first_steps="Restart.", **SAY)
    assert payments.first_steps_tried is None


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"cost_per_hour_most": 5}, "cost_per_hour_most"),
        ({"cost_per_hour": 10, "cost_per_hour_most": 5}, "cost_per_hour_most"),
        ({"stakes": ["fame"]}, "stakes"),
        ({"first_steps": "\n".join("12345678")}, "first_steps"),
    ],
)
def test_facts_of_a_flow_that_make_no_sense_are_refused(known: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        register_flow(name="Wrong", **known, **SAY)
    assert refused.value.field == field
    assert Flow.objects.count() == 0


def big_map(size: int) -> None:
    flows = Flow.objects.bulk_create(Flow(slug=f"f{n}", name=f"Flow {n}", cost_per_hour=n) for n in range(20))
    parts = Component.objects.bulk_create(Component(slug=f"c{n}", name=f"Part {n}") for n in range(size))
    edges = [Dependency(flow=flow, component=parts[n]) for n, flow in enumerate(flows)]
    edges += [
        Dependency(from_component=parts[n], component=parts[(n * step + 7) % size])
        for n in range(size)
        for step in (2, 3)
        if (n * step + 7) % size != n
    ]
    unique = {(edge.from_component_id, edge.flow_id, edge.component_id): edge for edge in edges}
    Dependency.objects.bulk_create(unique.values())


def test_the_map_of_two_hundred_nodes_is_quick_and_its_statements_do_not_grow(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    big_map(180)
    client.get("/flows/map/?node=component:c7")
    with django_assert_max_num_queries(30):
        client.get("/flows/map/?node=component:c7")
    took = []
    for _ in range(5):
        began = time.monotonic()
        assert client.get("/flows/map/").status_code == 200
        took.append(time.monotonic() - began)
    assert min(took) < 0.2


def test_a_large_map_is_drawn_in_part_and_searched(client: Client, django_assert_max_num_queries: Any) -> None:
    big_map(600)
    with django_assert_max_num_queries(12):
        page = client.get("/flows/map/?find=part+59").content.decode()
    assert "The map has 620 parts, too many for one picture." in page
    assert page.count("<rect") <= 20 + 30 + 30
    assert all(f'href="?node=component%3Ac{n}"' in page for n in (59, 590, 599))
    assert "No part has “&lt;b&gt;” in its name." in client.get("/flows/map/?find=%3Cb%3E").content.decode()
    assert "There are more: write more of the name." in client.get("/flows/map/?find=part").content.decode()
    near = client.get("/flows/map/?node=component:c7").content.decode()
    assert "more hang on it" in near and near.count("<rect") <= 2 * 46
    assert "too many for one picture" not in near
    Component.objects.filter(slug__gt="c2").delete()
    assert "Find a part by its name" not in client.get("/flows/map/").content.decode()


def test_how_many_customers_is_not_known_while_none_is_listed(client: Client, cardgate: Provider) -> None:
    def cells(path: str) -> list[str]:
        text = client.get(path).content.decode()
        return re.findall(r'<td[^>]*(?:class="num"|Customers)[^>]*>(?:<span class="soft">)?([^<]+)<', text)

    assert '<dd><span class="soft">not known</span></dd>' in client.get("/flows/reports/").content.decode()
    assert cells("/flows/") == ["2", "1", "not known"]
    Customer.objects.all().delete()
    assert "How many customers, is not known" in client.get("/flows/providers/cardgate/").content.decode()
    assert cells("/flows/providers/cardgate/")[::2] == ["not known"] * 4
