"""Who may follow a live view, after the sign-in that opened it has ended."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.people.commands.password import change_password
from firstcall.people.commands.person import close_account
from firstcall.people.commands.session import end_sessions
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from firstcall.web.door.follow import Gatekeeper, Pass, signed_in
from firstcall.web.door.news import _is_about_access
from tests.cast import make_person

pytestmark = pytest.mark.django_db
NEW = "a new horse, another battery"
KINDS = ("session.all_ended", "person.left", "password.changed")


def end(kind: str, ben: User, ada: User) -> None:
    now = clock.now()
    if kind == "session.all_ended":
        end_sessions(person=ben, by=actor_of(ada), now=now)
    elif kind == "person.left":
        close_account(person=ben, by=actor_of(ada), now=now)
    else:
        change_password(person=ben, password=NEW, by=actor_of(ben), now=now)
    assert Entry.objects.filter(kind=kind).count() == 1


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_view_ends_and_none_opens_any_more(kind: str) -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.RESPONDER)
    keeper, topics = Gatekeeper(signed_in, now=clock.now), ("now",)
    bens, adas = keeper.admit(cookie_of(ben), topics), keeper.admit(cookie_of(ada), topics)
    assert isinstance(bens, Pass)
    assert isinstance(adas, Pass)
    cookie = f"{settings.SESSION_COOKIE_NAME}={bens.session}"
    end(kind, ben, ada)
    assert _is_about_access(kind), "everybody is asked again as soon as this is in the journal"
    keeper.forget()
    assert keeper.admit(cookie, topics) is None
    assert keeper.ended([(bens, topics), (adas, topics)], all_again=True) == {(bens.session, topics)}
