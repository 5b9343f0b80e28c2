"""The first account: one link, once, for half an hour."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.hashers import identify_hasher

from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.setup import is_good, make_first_account, new_setup_link
from firstcall.people.models.user import Access, User

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def token(*, now: dt.datetime = NOW) -> str:
    link = new_setup_link(now=now)
    assert link is not None
    return link.removeprefix("/welcome/").rstrip("/")


def make(secret: str, *, now: dt.datetime = NOW, password: str = "correct horse battery staple") -> User:
    return make_first_account(
        token=secret, name="Ada", email="Ada@Example.com", password=password, zone="Europe/Berlin", now=now
    )


def test_the_first_account_is_an_admin_with_argon2id() -> None:
    user = make(token())
    assert (user.access, user.email, user.zone) == (Access.ADMIN, "ada@example.com", "Europe/Berlin")
    assert identify_hasher(user.password).algorithm == "argon2"
    assert "$argon2id$" in user.password


def test_a_link_works_once_and_dies_with_the_first_account() -> None:
    secret = token()
    make(secret)
    with pytest.raises(Gone):
        make(secret)
    assert new_setup_link(now=NOW) is None
    assert User.objects.count() == 1


def test_a_newer_link_ends_the_older_and_each_lives_half_an_hour() -> None:
    old = token()
    new = token()
    assert not is_good(token=old, now=NOW)
    assert is_good(token=new, now=NOW + dt.timedelta(minutes=29))
    assert not is_good(token=new, now=NOW + dt.timedelta(minutes=30))
    with pytest.raises(Gone):
        make(new, now=NOW + dt.timedelta(minutes=31))
    assert User.objects.count() == 0


@pytest.mark.parametrize("password", ["short", "ada@example.com", "123456789012"])
def test_a_weak_password_is_refused_and_the_link_stays_good(password: str) -> None:
    secret = token()
    with pytest.raises(Refused) as refused:
        make(secret, password=password)
    assert refused.value.field == "password"
    assert is_good(token=secret, now=NOW)
