"""Wrong tries cost time: more each time, for the account and for the address, and never for good."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.throttle import begin_code, begin_try, give_back
from firstcall.people.models.session import Session
from firstcall.people.models.throttle import Throttle
from firstcall.people.models.user import Access
from firstcall.people.rules.throttle import ACCOUNT, ADDRESS, wait_after
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 22, 54, tzinfo=dt.UTC)
ADA, FAR, HOME = "ada@example.com", "198.51.100.7", "203.0.113.5"


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 4), (6, 8), (7, 16), (12, 512), (13, 900), (10_000, 900)]
)
def test_the_wait_grows_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures, ACCOUNT) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(("failures", "seconds"), [(19, 0), (20, 4), (21, 8), (28, 900)])
def test_an_address_has_more_free_tries(failures: int, seconds: int) -> None:
    assert wait_after(failures, ADDRESS) == dt.timedelta(seconds=seconds)


def fail(times: int, *, email: str = ADA, address: str = FAR, now: dt.datetime = NOW) -> None:
    for _ in range(times):
        begin_try(email=email, address=address, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("email", [ADA, "nobody@example.com"])
def test_the_same_for_an_account_that_is_not_there(email: str) -> None:
    make_person("Ada", Access.ADMIN)
    fail(5, email=email)
    with pytest.raises(Refused) as refused:
        fail(1, email=email, now=later(0.5))
    assert refused.value.sentence == "Too many tries. Wait 4 seconds, then try again: nothing is locked for good."
    fail(1, email=email, now=later(4))
    with pytest.raises(Refused) as refused:
        fail(1, email=email, now=later(5))
    assert refused.value.sentence == "Too many tries. Wait 7 seconds, then try again: nothing is locked for good."


@pytest.mark.django_db
def test_a_try_during_the_wait_is_not_counted_and_makes_it_no_longer() -> None:
    fail(5)
    before = sorted(Throttle.objects.values_list("key", "failures", "until"))
    for second in (0.1, 1, 2, 3.9):
        with pytest.raises(Refused):
            fail(1, now=later(second))
    assert sorted(Throttle.objects.values_list("key", "failures", "until")) == before


@pytest.mark.django_db
def test_many_accounts_from_one_address_slow_the_address_only() -> None:
    for n in range(20):
        fail(1, email=f"guess{n}@example.com")
    with pytest.raises(Refused):
        fail(1, email="ben@example.com", now=later(1))
    fail(1, email="guess0@example.com", address=HOME, now=later(1))


@pytest.mark.django_db
def test_a_good_try_forgets_the_account_and_gives_the_address_its_one_back() -> None:
    fail(3)
    account = begin_try(email=ADA, address=FAR, now=NOW)
    give_back(account=account, address=FAR, now=NOW)
    assert list(Throttle.objects.values_list("failures", flat=True)) == [3]
    fail(4)
    assert sorted(Throttle.objects.values_list("failures", flat=True)) == [4, 7]


@pytest.mark.django_db
def test_guesses_from_elsewhere_do_not_slow_who_is_signed_in() -> None:
    ada = make_person("Ada", Access.ADMIN)
    Session.objects.create(session_key="one", user=ada, address=HOME, expire_date=later(60))
    fail(5)
    with pytest.raises(Refused):
        fail(1, now=later(1))
    fail(5, address=HOME, now=later(1))
    with pytest.raises(Refused):
        fail(1, address=HOME, now=later(2))


@pytest.mark.django_db
def test_what_was_typed_is_not_kept_and_all_is_forgotten_after_a_day() -> None:
    fail(6 - 1)
    assert not any("@" in row.key or "198" in row.key for row in Throttle.objects.all())
    fail(1, email="ben@example.com", address=HOME, now=NOW + dt.timedelta(days=1, seconds=1))
    assert Throttle.objects.count() == 2


@pytest.mark.django_db
def test_it_is_written_down_once_and_only_for_a_person_of_ours() -> None:
    ada = make_person("Ada", Access.ADMIN)
    for email in (ADA, "nobody@example.com"):
        fail(5, email=email, address=email)
        for second in (4, 12, 28):
            fail(1, email=email, address=email, now=later(second))
    found = Entry.objects.filter(kind="signin.slowed")
    assert [(entry.subject, entry.by_name) for entry in found] == [(f"person:{ada.pk}", "Firstcall")]


@pytest.mark.django_db
def test_codes_are_slowed_too() -> None:
    ada = make_person("Ada", Access.ADMIN)
    for _ in range(5):
        begin_code(person=ada, address=FAR, now=NOW)
    with pytest.raises(Refused):
        begin_code(person=ada, address=HOME, now=later(3))
    begin_code(person=ada, address=HOME, now=later(4))
