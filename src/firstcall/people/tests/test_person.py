"""Access, closing and opening accounts; the last admin stays, also when two leave at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.person import change_access, close_account, reopen_account
from firstcall.people.models.session import Session
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from tests.cast import PASSWORD, make_person

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
LAST = "This is the last admin: make somebody else an admin first."


def admins() -> list[str]:
    return list(User.objects.filter(access=Access.ADMIN, is_active=True).values_list("name", flat=True))


@pytest.mark.django_db
def test_the_last_admin_is_neither_closed_nor_made_less() -> None:
    ada = make_person("Ada", Access.ADMIN)
    with pytest.raises(Refused) as refused:
        close_account(person=ada, by=actor_of(ada), now=NOW)
    assert refused.value.sentence == LAST
    with pytest.raises(Refused) as refused:
        change_access(person=ada, access="responder", by=actor_of(ada), now=NOW)
    assert refused.value.sentence == LAST
    assert admins() == ["Ada"]
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_closed_admin_does_not_count() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.ADMIN)
    close_account(person=ben, by=actor_of(ada), now=NOW)
    with pytest.raises(Refused):
        close_account(person=ada, by=actor_of(ada), now=NOW)
    assert admins() == ["Ada"]


@pytest.mark.django_db
def test_all_admins_are_locked_before_one_leaves() -> None:
    """So of two who leave at once the second waits, and then sees that the first has gone. SQLite has one writer."""
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.ADMIN)
    with CaptureQueriesContext(connection) as said:
        close_account(person=ada, by=actor_of(ben), now=NOW)
    reads = [query["sql"] for query in said if query["sql"].startswith("SELECT") and "people_user" in query["sql"]]
    locks = [sql.endswith("FOR UPDATE") for sql in reads[:2]]
    assert ('ORDER BY "people_user"."id" ASC' in reads[0], len(reads[:2])) == (True, 2)
    assert locks == [connection.vendor == "postgresql"] * 2
    with pytest.raises(Refused):
        close_account(person=ben, by=actor_of(ada), now=NOW)
    assert admins() == ["Ben"]


@pytest.mark.django_db
def test_closing_ends_every_session_at_once() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.RESPONDER)
    client = Client()
    client.force_login(ben)
    close_account(person=ben, by=actor_of(ada), now=NOW)
    assert client.get("/profile/").headers["Location"] == "/account/login/?next=/profile/"
    assert not Session.objects.filter(user=ben).exists()
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == ["person.left", "session.all_ended"]


@pytest.mark.django_db
def test_closing_twice_is_said_once() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.RESPONDER)
    for _ in range(2):
        close_account(person=ben, by=actor_of(ada), now=NOW)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_an_account_opened_again_needs_a_new_password_by_mail() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.COMMUNICATOR)
    close_account(person=ben, by=actor_of(ada), now=NOW)
    reopen_account(person=ben, by=actor_of(ada), now=NOW)
    ben.refresh_from_db()
    assert (ben.is_active, ben.access, ben.has_usable_password()) == (True, "communicator", False)
    client = Client()
    client.post("/account/login/", {"login": "ben@example.com", "password": PASSWORD})
    assert client.get("/profile/").status_code == 302
    assert [job.kind for job in Job.objects.all()] == ["people.invitation_mail"]
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == ["person.left", "person.returned"]


@pytest.mark.django_db
def test_the_same_access_again_is_no_news() -> None:
    ada = make_person("Ada", Access.ADMIN)
    change_access(person=ada, access="admin", by=actor_of(ada), now=NOW)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_access_nobody_knows_is_refused() -> None:
    ada, ben = make_person("Ada", Access.ADMIN), make_person("Ben", Access.RESPONDER)
    with pytest.raises(Refused) as refused:
        change_access(person=ben, access="emperor", by=actor_of(ada), now=NOW)
    assert refused.value.sentence == "Choose what this person may do."
    ben.refresh_from_db()
    assert ben.access == "responder"


@pytest.mark.parametrize(
    ("came_from", "then"),
    [
        ("http://testserver/people/?all=1", "/people/%3Fall%3D1"),
        ("http://elsewhere.example/people/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client, came_from: str, then: str) -> None:
    sent = client.post("/profile/contacts/", {"kind": "mail"}, headers={"referer": came_from})
    assert sent.headers["Location"] == f"/account/login/?next={then}"
