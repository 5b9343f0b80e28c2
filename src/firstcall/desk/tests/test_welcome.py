"""The first run: one account, signed in, and a sample company that never stands in its way."""

from __future__ import annotations

import pytest
from django.test import Client

from firstcall.kernel import clock
from firstcall.people.commands.setup import new_setup_link
from firstcall.people.models.session import Session
from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery staple", "zone": "Europe/Berlin"}


def link() -> str:
    path = new_setup_link(now=clock.now())
    assert path is not None
    return path


def test_the_first_account_is_signed_in_with_the_sample_it_asked_for() -> None:
    client, path = Client(), link()
    assert client.get(path).status_code == 200
    assert client.post(path, {**ADA, "begin": "sample"}).headers["Location"] == "/"
    assert client.get("/profile/").status_code == 200
    assert Flow.objects.filter(sample=True).count() == 5
    assert Session.objects.get(user=User.objects.get(sample=False)).began_at is not None
    assert Client().get(path).status_code == 404


def test_who_signs_in_before_the_first_account_is_sent_to_the_link_and_later_to_an_admin() -> None:
    path = link()
    assert "Open the link that Firstcall printed" in Client().get("/account/login/").content.decode()
    assert 'data-zone="own"' in Client().get(path).content.decode()
    Client().post(path, {**ADA, "begin": "empty"})
    assert "An admin invites you" in Client().get("/account/login/").content.decode()


@pytest.mark.parametrize(("begin", "goes_to"), [("sketch", "/start/business/"), ("empty", "/")])
def test_it_begins_with_a_sketch_or_with_nothing(begin: str, goes_to: str) -> None:
    assert Client().post(link(), {**ADA, "begin": begin}).headers["Location"] == goes_to
    assert (User.objects.count(), Flow.objects.count()) == (1, 0)


def test_a_sample_that_can_not_be_loaded_is_a_sentence_and_the_account_stands() -> None:
    Flow.objects.create(name="Checkout", slug="checkout", sample=True)
    client = Client()
    answer = client.post(link(), {**ADA, "begin": "sample"}, follow=True)
    assert answer.status_code == 200
    said = "The sample company was not loaded: The sample company is loaded already."
    assert said in answer.content.decode()
    assert (User.objects.count(), Flow.objects.count()) == (1, 1)


def test_loading_it_twice_from_its_page_is_a_sentence() -> None:
    client = Client()
    client.post(link(), {**ADA, "begin": "sample"})
    answer = client.post("/sample/", {"do": "load"}, follow=True)
    assert answer.status_code == 200
    assert Flow.objects.filter(sample=True).count() == 5


@pytest.mark.parametrize("password", ["short", "ada@example.com"])
def test_a_password_that_is_too_weak_is_said_at_its_field(password: str) -> None:
    client, path = Client(), link()
    answer = client.post(path, {**ADA, "begin": "empty", "password": password})
    assert answer.status_code == 422
    assert not User.objects.exists()
    assert client.get(path).status_code == 200
