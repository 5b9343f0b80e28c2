"""Where one is signed in, and ending it: one's own by oneself, anybody's by an admin."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.kernel.refusal import Gone
from firstcall.people.commands.session import end_session, end_sessions
from firstcall.people.models.session import Session
from firstcall.people.models.user import Access, User
from firstcall.people.pages.session import address_of
from firstcall.people.queries.actor import actor_of
from firstcall.people.queries.session import sign_ins_of
from tests.cast import PASSWORD, make_person

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
pytestmark = pytest.mark.django_db


def signed_in(person: User, agent: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def handles(person: User) -> list[str]:
    return [one.handle for one in sign_ins_of(person, now=clock.now())]


def test_the_page_names_device_and_place_and_this_one_first() -> None:
    ben = make_person("Ben", Access.RESPONDER)
    phone = signed_in(ben, PHONE, "198.51.100.7")
    desk = signed_in(ben, DESK, "203.0.113.5")
    found = sign_ins_of(ben, now=clock.now(), here=phone.session.session_key)
    assert [(one.browser, one.system, one.address, one.here) for one in found] == [
        ("Safari", "iPhone", "198.51.100.7", True),
        ("Firefox", "Linux", "203.0.113.5", False),
    ]
    text = desk.get("/profile/").content.decode()
    for words in (
        "Safari on iPhone",
        "Firefox on Linux",
        "This one, here.",
        "From 198.51.100.7.",
        "Sign out everywhere",
    ):
        assert words in text
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in text


def test_ending_one_of_ones_own() -> None:
    ben = make_person("Ben", Access.RESPONDER)
    phone, desk = signed_in(ben, PHONE, "198.51.100.7"), signed_in(ben, DESK, "203.0.113.5")
    lost = sign_ins_of(ben, now=clock.now(), here=desk.session.session_key)[1]
    assert desk.post("/profile/sessions/", {"session": lost.handle}).status_code == 302
    assert (is_in(phone), is_in(desk)) == (False, True)
    assert [entry.kind for entry in Entry.objects.order_by("-pk")[:1]] == ["session.ended"]
    again = desk.post("/profile/sessions/", {"session": lost.handle}, follow=True)
    assert "That session has ended already." in again.content.decode()


def test_everywhere_else() -> None:
    ben = make_person("Ben", Access.RESPONDER)
    others = [signed_in(ben, PHONE, "198.51.100.7") for _ in range(3)]
    desk = signed_in(ben, DESK, "203.0.113.5")
    answer = desk.post("/profile/sessions/", follow=True)
    assert "3 other sessions have ended." in answer.content.decode()
    assert ([is_in(other) for other in others], is_in(desk)) == ([False] * 3, True)
    assert "You are signed in only here." in desk.post("/profile/sessions/", follow=True).content.decode()
    assert Entry.objects.filter(kind="session.all_ended").count() == 1


def test_nobody_ends_a_session_of_somebody_else_but_an_admin() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.RESPONDER)
    cleo = make_person("Cleo", Access.SUPPORT)
    bens, cleos, adas = (signed_in(who, DESK, "203.0.113.5") for who in (ben, cleo, ada))
    handle = handles(ben)[0]
    cleos.post("/profile/sessions/", {"session": handle})
    assert cleos.post(f"/people/{ben.pk}/", {"do": "end", "session": handle}).status_code == 403
    assert is_in(bens)
    assert adas.post(f"/people/{ben.pk}/", {"do": "end", "session": handle}).status_code == 302
    assert (is_in(bens), is_in(cleos), is_in(adas)) == (False, True, True)
    adas.post(f"/people/{cleo.pk}/", {"do": "end_all"})
    assert (is_in(cleos), is_in(adas)) == (False, True)


def test_a_session_that_ran_out_is_not_listed_nor_counted() -> None:
    ben = make_person("Ben", Access.RESPONDER)
    Session.objects.create(session_key="old", user=ben, expire_date=NOW)
    assert sign_ins_of(ben, now=NOW) == []
    with pytest.raises(Gone):
        end_session(person=ben, handle=Session.objects.get().handle, by=actor_of(ben), now=NOW)
    assert end_sessions(person=ben, by=actor_of(ben), now=NOW) == 0
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("given", "noted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_as_it_is_noted(given: str, noted: str) -> None:
    from django.test import RequestFactory

    assert address_of(RequestFactory(REMOTE_ADDR=given).get("/")) == noted


def test_signing_in_sweeps_out_what_ran_out() -> None:
    ben = make_person("Ben", Access.RESPONDER)
    Session.objects.create(session_key="old", user=ben, expire_date=clock.now() - dt.timedelta(seconds=1))
    Session.objects.create(session_key="living", user=ben, expire_date=clock.now() + dt.timedelta(hours=1))
    signed_in(ben, DESK, "203.0.113.5")
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert ("old" in keys, "living" in keys, len(keys)) == (False, True, 2)
