"""The way to a first night: a sketch, two people, one path, one test page; each step can be left out."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.people.commands.setup import new_setup_link
from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.models.schedule import Schedule
from firstcall.respond.commands.trial import trial_token
from firstcall.respond.models.trial import Trial
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery staple", "zone": "Europe/Berlin"}
SHOP = {
    "keep-checkout": "yes", "name-checkout": "Checkout", "keep-orders": "yes", "name-orders": "Orders",
    "keep-cards": "yes", "name-cards": "CardGate", "name-browse": "Find a product",
}  # fmt: skip
BEN = {"my_phone": "+49 30 5550 0001", "name": "Ben", "email": "ben@example.com", "phone": "+49 30 5550 0002"}


def test_from_the_first_link_to_ready_for_a_first_night() -> None:
    ada, link = Client(), new_setup_link(now=clock.now())
    assert link is not None
    answer = ada.post(link, {**ADA, "begin": "sketch"}, follow=True)
    assert "What kind of business is it?" in answer.content.decode()
    assert "Keep what is yours." in ada.get("/start/business/shop/").content.decode()
    assert ada.post("/start/business/shop/", SHOP).headers["Location"] == "/start/people/"
    assert list(Flow.objects.values_list("name", "sketched")) == [("Checkout", True)]
    assert ada.post("/start/people/", BEN).headers["Location"] == "/start/path/"
    assert dict(User.objects.values_list("name", "phone")) == {"Ada": BEN["my_phone"], "Ben": BEN["phone"]}
    ben = User.objects.get(name="Ben")
    assert ada.post("/start/path/", {"other": ben.pk}).headers["Location"] == "/start/test/"
    path = EscalationPath.objects.get()
    assert [step.user.name if step.user else str(step.schedule) for step in path.steps.all()] == [
        "Weekly turns",
        "Ben",
        "Ada",
    ]
    assert Flow.objects.get().path == path
    ada.post("/start/test/")
    assert "not answered yet" in ada.get("/start/test/").content.decode()
    Client().post(f"/t/{trial_token(Trial.objects.get())}/")
    assert "answered after" in ada.get("/start/test/").content.decode()
    done = ada.get("/start/").content.decode()
    assert "You are ready for a first night." in done
    assert "For the night CardGate is down: whom do you ring there?" in done
    assert "For the night Checkout stops: what does an hour cost?" in done


def test_every_step_can_be_left_out_and_now_says_one_quiet_line() -> None:
    ada = make_cast().ada
    client = Client()
    client.force_login(ada)
    assert "/start/" in client.get("/").content.decode()
    client.post("/start/business/shop/", SHOP)
    assert "the first night is half prepared" in client.get("/").content.decode()
    page = client.get("/start/").content.decode()
    assert "A first night in 20 minutes." in page
    assert "/start/path/" in page
    client.post("/start/path/", {"other": User.objects.get(name="Ben").pk})
    assert "the first night is half prepared" not in client.get("/").content.decode()


def test_a_refused_sketch_keeps_what_was_typed_and_nothing_else() -> None:
    client = Client()
    client.force_login(make_cast().ada)
    answer = client.post("/start/business/shop/", {**SHOP, "name-checkout": " ", "name-cards": "PayRight"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Give “Checkout” a name, or strike it out. Nothing was kept yet." in said
    assert 'value="PayRight"' in said
    assert (Flow.objects.count(), Provider.objects.count()) == (0, 0)
    assert client.get("/start/business/circus/").status_code == 404


def test_a_refused_invitation_changes_nothing_of_mine() -> None:
    cast, client = make_cast(), Client()
    client.force_login(cast.ada)
    answer = client.post("/start/people/", BEN)
    assert answer.status_code == 422
    assert "There is an account with this address already. Nobody was invited yet." in answer.content.decode()
    cast.ada.refresh_from_db()
    assert (cast.ada.phone, Job.objects.count(), Entry.objects.count()) == ("", 0, 0)


def test_a_path_needs_a_second_person() -> None:
    client = Client()
    client.force_login(make_cast().ada)
    answer = client.post("/start/path/", {"other": "999"})
    assert answer.status_code == 422
    assert "Choose the second person: alone, nobody follows when you sleep." in answer.content.decode()
    assert (Schedule.objects.count(), EscalationPath.objects.count()) == (0, 0)


def test_only_who_prepares_walks_it_and_only_admins_invite() -> None:
    cast, client = make_cast(), Client()
    client.force_login(cast.cleo)
    assert client.get("/start/").status_code == 403
    client.force_login(cast.ben)
    assert client.get("/start/people/").status_code == 200
    assert client.post("/start/people/", {**BEN, "email": "new@example.com"}).status_code == 403
    assert User.objects.count() == 5


def test_a_number_that_no_telephone_dials_is_refused_and_nobody_is_invited() -> None:
    ada, client = make_cast().ada, Client()
    client.force_login(ada)
    before = User.objects.count()
    for field in ("my_phone", "phone"):
        said = client.post("/start/people/", {**BEN, "email": "new@example.com", field: "0171 hello"})
        assert said.status_code == 422
        assert "“0171 hello” can’t be dialled." in said.content.decode()
    assert User.objects.count() == before
    ada.refresh_from_db()
    assert ada.phone != BEN["my_phone"]


def test_without_a_mail_server_the_pages_that_send_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(make_cast().ada)
    said = "No mail leaves here yet."
    monkeypatch.setitem(settings.ENV, "EMAIL_URL", "smtp://localhost")
    assert [said in client.get(f"/start/{page}").content.decode() for page in ("", "people/", "test/")] == [False] * 3
    monkeypatch.setitem(settings.ENV, "EMAIL_URL", "")
    assert [said in client.get(f"/start/{page}").content.decode() for page in ("", "people/", "test/")] == [True] * 3
    assert "The organisation’s clock is UTC." in client.get("/start/").content.decode()
