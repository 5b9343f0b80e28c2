"""A way to be reached counts once its code was typed, and a code can't be guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.contact import add_contact, remove_contact, send_code_again, verify_contact
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import Access, User
from firstcall.people.queries.actor import actor_of
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
HALF_AN_HOUR = dt.timedelta(minutes=30)
NOT_IT = "That is not the code, or it is older than half an hour."
pytestmark = pytest.mark.django_db


@pytest.fixture
def ben() -> User:
    return make_person("Ben", Access.RESPONDER)


def add(ben: User, address: str = "ben@home.example.com", now: dt.datetime = NOW) -> ContactMethod:
    return add_contact(person=ben, kind="mail", address=address, label="Home", by=actor_of(ben), now=now)


def code_sent() -> str:
    job = Job.objects.filter(kind="people.contact_code").order_by("-pk").first()
    assert job is not None
    return str(job.payload["code"])


def verify(contact: ContactMethod, code: str, now: dt.datetime = NOW) -> str:
    """The sentence of the refusal, '' when it counts."""
    try:
        verify_contact(contact=contact, code=code, by=actor_of(contact.user), now=now)
    except Refused as refused:
        return refused.sentence
    return ""


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_that_was_sent_counts(ben: User) -> None:
    home = add(ben)
    assert verify(home, f" {code_sent()} ", NOW + HALF_AN_HOUR) == ""
    home.refresh_from_db()
    assert (home.verified_at, home.code_digest) == (NOW + HALF_AN_HOUR, "")
    assert verify(home, code_sent()) == "This way is verified already."


def test_an_old_code_does_not(ben: User) -> None:
    home = add(ben)
    assert verify(home, code_sent(), NOW + HALF_AN_HOUR + dt.timedelta(seconds=1)) == NOT_IT


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(ben: User) -> None:
    home = add(ben)
    right = code_sent()
    said = [verify(home, other(right)) for _ in range(5)]
    assert said == [NOT_IT] * 4 + ["Five wrong codes: ask for a new one."]
    assert verify(home, right) == "Five wrong codes: ask for a new one."
    home.refresh_from_db()
    assert home.verified_at is None
    later = NOW + dt.timedelta(minutes=2)
    send_code_again(contact=home, now=later)
    assert verify(home, right, later) == (NOT_IT if right != code_sent() else "")
    assert verify(home, code_sent(), later) == ""


def test_codes_are_not_mailed_without_end(ben: User) -> None:
    home = add(ben)
    for minute in range(1, 5):
        send_code_again(contact=home, now=NOW + dt.timedelta(seconds=minute))
    with pytest.raises(Refused) as refused:
        send_code_again(contact=home, now=NOW + dt.timedelta(seconds=5))
    assert refused.value.sentence == "Too many tries. Wait 59 seconds, then try again: nothing is locked for good."
    remove_contact(contact=home, by=actor_of(ben), now=NOW)
    with pytest.raises(Refused):
        add(ben, "ben@work.example.com", NOW + dt.timedelta(seconds=6))
    assert Job.objects.filter(kind="people.contact_code").count() == 5


@pytest.mark.parametrize(
    ("kind", "address", "sentence"),
    [
        ("mail", "nobody", "That is not a mail address. It looks like name@example.com."),
        ("pigeon", "coo", "Choose mail or webhook."),
        ("mail", "BEN@home.example.com", "This way is there already."),
    ],
)
def test_what_is_refused_leaves_nothing(ben: User, kind: str, address: str, sentence: str) -> None:
    add(ben)
    with pytest.raises(Refused) as refused:
        add_contact(person=ben, kind=kind, address=address, label="", by=actor_of(ben), now=NOW)
    assert refused.value.sentence == sentence
    assert (ContactMethod.objects.count(), Entry.objects.count(), Job.objects.count()) == (1, 1, 1)
