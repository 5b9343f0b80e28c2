"""Sketches: every kind of business holds together, and what is kept says that nobody has confirmed it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.flow import change_flow
from firstcall.ready.commands.sketch import keep_sketch
from firstcall.ready.models.component import Component
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.rules.sketch import SKETCHES, Sketch, kept_needs, sketch_called
from tests.cast import make_cast

NOW = dt.datetime(2026, 11, 17, 9, 0, tzinfo=dt.UTC)
BY = Actor("person", 1, "Ada")


def shop() -> Sketch:
    found = sketch_called("shop")
    assert found is not None
    return found


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda one: str(one.key))
def test_a_sketch_names_only_what_it_holds(sketch: Sketch) -> None:
    assert len(sketch.keys) == len(sketch.flows) + len(sketch.parts) + len(sketch.providers)
    assert all(need in sketch.keys for _key, needs in sketch.needing for need in needs)
    assert {flow.criticality for flow in sketch.flows} <= set(Criticality.values)
    assert any(flow.criticality == "critical" for flow in sketch.flows)
    used = {need for _key, needs in sketch.needing for need in needs}
    assert used >= {one.key for one in sketch.parts} | {one.key for one in sketch.providers}


def test_a_part_struck_out_hands_its_needs_on() -> None:
    assert kept_needs(shop(), {"checkout", "cards", "orders"}) == [("orders", "cards"), ("checkout", "orders")]
    assert kept_needs(shop(), {"checkout", "cards"}) == [("checkout", "cards")]
    assert kept_needs(shop(), {"checkout"}) == []
    assert sketch_called("circus") is None


@pytest.mark.django_db
def test_what_is_kept_is_renamed_joined_and_marked() -> None:
    names = {"checkout": " Buy ", "orders": "Orders", "cards": "CardGate"}
    made = keep_sketch(sketch=shop(), names=names, by=BY, now=NOW)
    assert sorted(row.name for row in made) == ["Buy", "CardGate", "Orders"]
    flow = Flow.objects.get()
    assert (flow.name, flow.sketched, flow.criticality) == ("Buy", True, "critical")
    assert (flow.cost_per_hour, flow.users_per_hour, flow.owner) == (None, None, None)
    assert (flow.peak_days, flow.peak_from, flow.peak_to) == ("567", 17, 22)
    assert flow.words_customers == "Paying does not work for some of you at the moment. Your basket is kept."
    provider = Provider.objects.get()
    assert (provider.sketched, provider.phone, provider.contract) == (True, "", "")
    edges = Dependency.objects.values_list("flow__name", "from_component__name", "component__name", "provider__name")
    assert set(edges) == {("Buy", None, "Orders", None), (None, "Orders", None, "CardGate")}
    assert Entry.objects.get(kind="sketch.kept").facts.data == {"business": "Shop", "n": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "field", "said"),
    [
        ({"cards": "CardGate"}, "flows", "Keep at least one flow: what do your users do that must not stop?"),
        ({"checkout": "  "}, "name-checkout", "Give “Checkout” a name, or strike it out."),
        ({"checkout": "Buy", "browse": "buy"}, "name-browse", "“buy” is there twice."),
        ({"checkout": "!!!"}, "name", "Give it a name with letters in it."),
    ],
)
def test_a_refusal_names_the_field_and_keeps_nothing(names: dict[str, str], field: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        keep_sketch(sketch=shop(), names={"cards": "CardGate", **names}, by=BY, now=NOW)
    assert (refused.value.field, refused.value.sentence) == (field, said)
    assert (Flow.objects.count(), Provider.objects.count(), Entry.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_what_is_there_stays_as_it_is_and_keeping_twice_doubles_nothing() -> None:
    Provider.objects.create(name="CardGate", slug="cardgate", phone="+49 30 5550 0200")
    names = {"checkout": "Checkout", "orders": "Orders", "cards": "cardgate"}
    assert len(keep_sketch(sketch=shop(), names=names, by=BY, now=NOW)) == 2
    assert keep_sketch(sketch=shop(), names=names, by=BY, now=NOW) == []
    provider = Provider.objects.get()
    assert (provider.sketched, provider.phone) == (False, "+49 30 5550 0200")
    assert (Flow.objects.count(), Component.objects.count(), Dependency.objects.count()) == (1, 1, 2)


@pytest.mark.django_db
def test_it_says_so_on_its_pages_until_somebody_confirms_or_changes_it() -> None:
    cast, client = make_cast(), Client()
    names = {"checkout": "Checkout", "browse": "Find a product", "orders": "Orders", "cards": "CardGate"}
    keep_sketch(sketch=shop(), names=names, by=actor_of(cast.ada), now=NOW)
    client.force_login(cast.ada)
    places = (
        "/flows/",
        "/flows/checkout/",
        "/flows/map/",
        "/flows/components/orders/",
        "/flows/providers/cardgate/",
    )
    for place in places:
        assert "sketch, not confirmed" in client.get(place).content.decode(), place
    for address in ("/flows/checkout/", "/flows/components/orders/", "/flows/providers/cardgate/"):
        assert "This came from a sketch. Is it so with you?" in client.get(address).content.decode(), address
    rows = (Flow.objects.get(slug="checkout"), Component.objects.get(), Provider.objects.get())
    for kind, row in zip(("flow", "component", "provider"), rows, strict=True):
        answer = client.post(f"/ready/confirm/{kind}/{row.pk}/", {"back": "page"}, follow=True)
        assert "Confirmed: " in answer.content.decode()
        assert "sketch, not confirmed" not in answer.content.decode()
    assert Entry.objects.filter(kind="prepared.confirmed").count() == 3
    change_flow(flow=Flow.objects.get(slug="find-a-product"), by=actor_of(cast.ada), now=NOW, workaround="Ring us.")
    assert not Flow.objects.filter(sketched=True).exists()
    assert "sketch, not confirmed" not in client.get("/flows/map/").content.decode()
    client.force_login(cast.cleo)
    assert client.post(f"/ready/confirm/flow/{rows[0].pk}/").status_code == 403
