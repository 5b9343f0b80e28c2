"""The forms of words: what they say before sending, and what they keep."""

from __future__ import annotations

import pytest
from django.test import Client

from firstcall.detect.models.group import AlertGroup
from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.update import Update
from firstcall.journal.models.entry import Entry
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.respond.commands.incident import change_state
from firstcall.respond.models.incident import Incident
from tests.friday import NOW, Friday

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOW)]


def form(friday: Friday, name: str = "update") -> str:
    return f"/incidents/{friday.incident.pk}/{name}/"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_without_a_page_the_form_says_so_and_makes_one_in_one_tap_keeping_what_was_typed(friday: Friday) -> None:
    StatusPage.objects.all().delete()
    User.objects.filter(pk=friday.cast.ada.pk).update(email="ada@tillhouse.example")
    ada = signed_in(User.objects.get(pk=friday.cast.ada.pk))
    text = ada.get(form(friday)).content.decode()
    assert "No status page shows Checkout." in text
    assert 'name="to_public"' not in text
    assert 'value="Tillhouse"' in text
    typed = {"do": "page", "page_name": "Tillhouse", "public": "Cards fail, we know.", "inside": "x", "to_inside": "1"}
    made = ada.post(form(friday), typed)
    assert (made.status_code, made.context["asked"].texts["public"]) == (200, "Cards fail, we know.")
    assert made.context["asked"].chosen == {"public", "inside"}
    assert "No status page" not in made.content.decode()
    assert list(StatusPage.objects.get().components.values_list("flow__name", flat=True)) == ["Checkout"]
    sent = {"do": "anyway", "public": "Cards fail, we know.", "to_public": "1", "seen": "0", "state": "investigating"}
    answer = ada.post(form(friday), sent)
    assert answer["Location"] == f"/incidents/{friday.incident.pk}/#region-next"
    assert Update.objects.get().audience == "public"


def test_who_may_not_prepare_a_page_is_told_whom_to_ask(friday: Friday) -> None:
    StatusPage.objects.all().delete()
    User.objects.filter(pk=friday.cast.cleo.pk).update(access="communicator")
    cleo = signed_in(User.objects.get(pk=friday.cast.cleo.pk))
    assert "they make the page in one tap" in cleo.get(form(friday)).content.decode()
    refused = cleo.post(form(friday), {"do": "page", "page_name": "Tillhouse", "public": "Cards fail."})
    assert (refused.status_code, refused.context["asked"].texts["public"]) == (422, "Cards fail.")
    assert StatusPage.objects.count() == 0


def test_ticking_an_audience_of_nobody_by_hand_sends_nothing(friday: Friday) -> None:
    StatusPage.objects.all().delete()
    entries = Entry.objects.count()
    sent = {"do": "anyway", "public": "Cards fail.", "to_public": "1", "seen": "0", "state": "investigating"}
    answer = signed_in(friday.cast.ada).post(form(friday), sent)
    assert answer.status_code == 422
    assert "No status page shows Checkout. Make one first, or leave the public out." in answer.content.decode()
    assert (Update.objects.count(), Entry.objects.count()) == (0, entries)


def test_nobody_of_support_is_said_with_the_way_to_name_someone(friday: Friday) -> None:
    User.objects.filter(access="support").update(is_active=False)
    text = signed_in(friday.cast.ada).get(form(friday)).content.decode()
    assert "Nobody of Support is named." in text
    assert f"/incidents/{friday.incident.pk}/roles/?role=support_liaison" in text
    assert 'name="to_support"' not in text
    room = signed_in(friday.cast.ada).get(f"/incidents/{friday.incident.pk}/").content.decode()
    assert "Nobody of Support is named." in room


def test_a_holding_update_first_of_all_is_the_prepared_words_and_leaves_out_who_is_not_there(friday: Friday) -> None:
    friday.flow.words_customers = "Cards fail for some shops."
    friday.flow.words_support = "You are right, cards fail."
    friday.flow.save()
    ada = signed_in(friday.cast.ada)
    page = ada.get(form(friday, "holding"))
    texts = {box["audience"]: box["text"] for box in page.context["boxes"]}
    assert texts["public"] == "Cards fail for some shops. Our team is working on it."
    assert "Say: “You are right, cards fail.”" in texts["support"]
    assert "The first word" in page.content.decode()
    assert "still" not in " ".join(texts.values())
    StatusPage.objects.all().delete()
    page = ada.get(form(friday, "holding"))
    assert {box["audience"] for box in page.context["boxes"]} == {"inside", "support"}
    assert "No status page shows Checkout." in page.content.decode()
    assert ada.post(form(friday, "holding"), {"seen": "0"}).status_code == 302
    assert set(Update.objects.values_list("audience", "holding")) == {("inside", False), ("support", False)}


def test_once_it_is_over_the_form_begins_with_those_who_wait_for_it(friday: Friday) -> None:
    by = actor_of(friday.cast.ada)
    publish_update(incident=friday.incident, texts={"public": "Cards fail.", "support": "x"}, seen=0, next_due={},
                   by=by, now=NOW)  # fmt: skip
    AlertGroup.objects.update(closed_at=NOW)
    change_state(incident=Incident.objects.get(), state="resolved", by=by, now=NOW)
    asked = signed_in(friday.cast.ada).get(form(friday)).context["asked"]
    assert (asked.chosen, asked.texts["public"]) == (
        {"public", "support"},
        "‘Card payments’ works again. We are sorry, and will say here what we change.",
    )


def test_once_it_broke_again_nobody_hears_still_who_heard_that_it_works(friday: Friday) -> None:
    ada, by = signed_in(friday.cast.ada), actor_of(friday.cast.ada)
    AlertGroup.objects.update(closed_at=NOW)
    publish_update(incident=friday.incident, texts={"public": "Cards fail."}, seen=0, next_due={}, by=by, now=NOW)
    change_state(incident=Incident.objects.get(), state="resolved", by=by, now=NOW)
    publish_update(incident=Incident.objects.get(), texts={"public": "It works."}, seen=1, next_due={}, by=by, now=NOW)
    change_state(incident=Incident.objects.get(), state="investigating", by=by, now=NOW, reason="it fails again")
    texts = {box["audience"]: box["text"] for box in ada.get(form(friday, "holding")).context["boxes"]}
    assert texts["public"].startswith("‘Card payments’ has not been working as it should since")
    assert ada.post(form(friday, "holding"), {"seen": "2"}).status_code == 302
    last = Update.objects.get(audience="public", number=3)
    assert (last.holding, last.state) == (False, "investigating")
