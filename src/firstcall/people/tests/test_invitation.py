"""Invitations: one link, once, for a week; again when it got lost; and the way back in from the server."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from firstcall.deliver.kinds import Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.invitation import invite, invite_again, invited, join, let_in
from firstcall.people.commands.person import close_account
from firstcall.people.handlers.mail import invitation_mail
from firstcall.people.models.session import Session
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from tests.cast import PASSWORD, make_person

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
NEW = "a new horse, another battery"
WEEK, MINUTE = dt.timedelta(days=7), dt.timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_person("Ada", Access.ADMIN)


def invite_ben(ada: User, *, email: str = "Ben@Example.com") -> User:
    return invite(name="Ben", email=email, access="responder", zone="UTC", by=actor_of(ada), now=NOW)


def token_of_mail(number: int = -1) -> str:
    """The secret in the mail of an invitation, the last one unless told."""
    job = list(Job.objects.filter(kind="people.invitation_mail").order_by("pk"))[number]
    parcel = invitation_mail(job, now=NOW)
    assert isinstance(parcel, Parcel)
    return parcel.text.split("/join/")[1].split("/")[0]


def test_the_link_works_once_and_for_a_week(ada: User) -> None:
    ben = invite_ben(ada)
    token = token_of_mail()
    assert invited(token=token, now=NOW + WEEK - MINUTE) == ben
    assert invited(token=token, now=NOW + WEEK) is None
    join(token=token, password=NEW, phone="+49 30 1", now=NOW)
    with pytest.raises(Gone):
        join(token=token, password=PASSWORD, phone="", now=NOW)
    ben.refresh_from_db()
    assert (ben.check_password(NEW), ben.phone, ben.email) == (True, "+49 30 1", "ben@example.com")
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == ["person.invited", "person.joined"]


def test_where_no_mail_leaves_the_link_is_handed_over(ada: User, client: Client, settings: Any) -> None:
    client.force_login(ada)
    form = {"name": "Ben", "email": "ben@example.com", "access": "responder"}
    settings.ENV = {**settings.ENV, "EMAIL_URL": "smtp://mail.example.com"}
    assert client.post("/people/", {**form, "name": "Eve", "email": "eve@example.com"})["Location"] == "/people/"
    assert "/join/" not in client.get(f"/people/{User.objects.get(name='Eve').pk}/").content.decode()
    settings.ENV = {**settings.ENV, "EMAIL_URL": ""}
    page = client.post("/people/", form)["Location"]
    text = client.get(page).content.decode()
    path = text.split('id="link">')[1].split("</code>")[0].removeprefix(settings.BASE_URL)
    assert "no mail leaves: hand over the link yourself" in text
    assert Client().post(path, {"password": NEW})["Location"] == "/"
    assert "/join/" not in client.get(page).content.decode()


def test_an_address_that_is_there_already_is_refused(ada: User) -> None:
    invite_ben(ada)
    with pytest.raises(Refused) as refused:
        invite_ben(ada, email=" BEN@example.com ")
    assert (refused.value.sentence, refused.value.field) == (
        "There is an account with this address already.", "email",
    )  # fmt: skip
    assert (User.objects.count(), Job.objects.count(), Entry.objects.count()) == (2, 1, 1)


def test_an_address_of_a_closed_account_names_the_way_back(ada: User) -> None:
    ben = make_person("Ben", Access.RESPONDER)
    close_account(person=ben, by=actor_of(ada), now=NOW)
    with pytest.raises(Refused) as refused:
        invite_ben(ada)
    assert refused.value.sentence == "Ben had an account with this address: open it again, below."
    assert not Job.objects.exists()


def test_sent_again_the_older_link_dies(ada: User) -> None:
    ben = invite_ben(ada)
    old = token_of_mail()
    with pytest.raises(Refused) as refused:
        invite_again(person=ben, by=actor_of(ada), now=NOW + MINUTE - dt.timedelta(seconds=1))
    assert refused.value.sentence == "An invitation was sent just now. Wait a minute before the next."
    assert Job.objects.count() == 1
    later = NOW + MINUTE
    invite_again(person=ben, by=actor_of(ada), now=later)
    assert invited(token=old, now=later) is None
    assert invited(token=token_of_mail(), now=later) == ben
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == ["person.invited", "person.invited_again"]


def test_who_has_joined_is_not_invited_again(ada: User) -> None:
    ben = make_person("Ben", Access.RESPONDER)
    with pytest.raises(Refused) as refused:
        invite_again(person=ben, by=actor_of(ada), now=NOW)
    assert refused.value.sentence == "Ben has joined already."
    assert not Job.objects.exists()


def test_no_mail_to_a_closed_account(ada: User) -> None:
    ben = invite_ben(ada)
    token = token_of_mail()
    close_account(person=ben, by=actor_of(ada), now=NOW)
    assert invitation_mail(Job.objects.get(), now=NOW) == Skip("the account has ended")
    assert invited(token=token, now=NOW) is None


def test_joining_by_its_page_signs_in_under_a_new_session(ada: User) -> None:
    ben = invite(name="Ben", email="ben@example.com", access="responder", zone="UTC", by=actor_of(ada), now=_today())
    client = Client(HTTP_USER_AGENT="curl/8")
    path = f"/join/{token_of_mail()}/"
    assert 'data-zone="own"' in client.get(path).content.decode()
    for wrong in ({"password": "short"}, {"password": NEW, "zone": "Mars/North"}):
        assert client.post(path, wrong).status_code == 422
    assert client.post(path, {"password": NEW, "zone": "Asia/Tokyo"}).headers["Location"] == "/"
    ben.refresh_from_db()
    assert ben.zone == "Asia/Tokyo"
    assert client.get("/profile/").status_code == 200
    assert Session.objects.get(user=ben).began_at is not None
    assert Client().get(path).status_code == 404


def _today() -> dt.datetime:
    from firstcall.kernel import clock

    return clock.now()


def test_let_in_from_the_server_ends_all_there_was(ada: User) -> None:
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "x"})
    Session.objects.create(session_key="one", user=ada, expire_date=NOW + WEEK)
    token = let_in(email=" Ada@Example.com", now=NOW).split("/")[2]
    assert not Authenticator.objects.filter(user=ada).exists()
    assert not Session.objects.filter(user=ada).exists()
    assert invited(token=token, now=NOW + dt.timedelta(minutes=29)) == ada
    assert invited(token=token, now=NOW + dt.timedelta(minutes=30)) is None
    kinds = [entry.kind for entry in Entry.objects.order_by("pk")]
    assert kinds == ["person.let_in", "factor.turned_off", "session.all_ended"]


def test_let_in_knows_only_open_accounts(ada: User) -> None:
    for email in ("nobody@example.com", ""):
        with pytest.raises(Refused) as refused:
            let_in(email=email, now=NOW)
        assert refused.value.sentence == f"There is no open account with the address {email}."
    assert not Entry.objects.exists()


def test_a_new_password_by_link_with_a_second_factor_still_asks_for_the_code(ada: User) -> None:
    ben = make_person("Ben", Access.RESPONDER)
    close_account(person=ben, by=actor_of(ada), now=NOW)
    from firstcall.people.commands.person import reopen_account

    reopen_account(person=ben, by=actor_of(ada), now=_today())
    Authenticator.objects.create(user=ben, type="totp", data={"secret": "x"})
    client = Client()
    path = f"/join/{token_of_mail()}/"
    User.objects.filter(pk=ben.pk).update(last_login=NOW, zone="Asia/Tokyo")
    page = client.get(path).content.decode()
    assert "data-zone" not in page and '<option value="Asia/Tokyo" selected>' in page  # chosen once, kept
    answer = client.post(path, {"password": NEW})
    ben.refresh_from_db()
    assert (answer.headers["Location"], ben.zone) == ("/account/login/", "Asia/Tokyo")
    assert client.get("/profile/").status_code == 302
