"""Signing in as people do it: through the pages, with a second factor, with a lost password."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.http import HttpResponse
from django.test import Client, TestCase
from pytest_django import Settings

from firstcall.deliver.kinds import Parcel, Skip
from firstcall.deliver.models.job import Job
from firstcall.journal.models.entry import Entry
from firstcall.kernel import clock
from firstcall.people.commands.factor import note_change
from firstcall.people.handlers.mail import notice
from firstcall.people.models.session import Session
from firstcall.people.models.user import Access, User
from firstcall.people.rules.totp import STEP, code_of
from tests.cast import PASSWORD, make_person

NEW = "a new horse, another battery"
WRONG = "This mail address and this password don&#x27;t belong together."
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_person("Ada", Access.ADMIN)


@pytest.fixture(autouse=True)
def _mail_as_in_earnest(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "firstcall.people.mailbox.JobBackend"


def browser(address: str = "203.0.113.5") -> Client:
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=AGENT)


def sign_in(client: Client, password: str = PASSWORD, email: str = "ada@example.com") -> HttpResponse:
    return client.post("/account/login/", {"login": email, "password": password})  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def now_step() -> int:
    return int(clock.now().timestamp()) // STEP


def turn_on(client: Client) -> str:
    """The secret of a second factor turned on through its page; its first code was of the step before this one."""
    page = client.get("/account/2fa/totp/activate/")
    assert page.headers["Location"].startswith("/account/reauthenticate/"), "the password is asked once more"
    assert client.post(page.headers["Location"], {"password": PASSWORD}).status_code == 302
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret: str = client.session["mfa.totp.secret"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret, now_step() - 1)})
    assert answer.status_code == 302
    return secret


def test_the_session_gets_a_new_key_and_knows_its_device(ada: User) -> None:
    client = browser()
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    assert sign_in(client).headers["Location"] == "/"
    session = Session.objects.get(user=ada)
    assert session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    assert (session.address, session.agent) == ("203.0.113.5", AGENT)
    assert session.began_at == session.seen_at
    entry = Entry.objects.get(kind="signin.made")
    assert entry.facts.data == {"device": "Firefox on Linux"}


def test_a_session_is_seen_every_five_minutes_at_most(ada: User) -> None:
    client = browser()
    sign_in(client)
    began = Session.objects.get(user=ada).seen_at
    assert began is not None
    for minutes, seen in ((4, 0), (6, 6), (9, 6), (12, 12)):
        at = began + dt.timedelta(minutes=minutes)
        with clock.read_from(lambda at=at: at):  # type: ignore[misc]
            assert is_in(client)
        assert Session.objects.get(user=ada).seen_at == began + dt.timedelta(minutes=seen)


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_wrong_password_says_the_same_for_everybody(ada: User, email: str) -> None:
    client = browser()
    for _ in range(5):
        answer = sign_in(client, "wrong", email)
        assert WRONG in said(answer)
    answer = sign_in(client, PASSWORD, email)
    assert "Too many tries. Wait" in said(answer)
    assert not is_in(client)
    assert not Session.objects.filter(user=ada).exists()


def test_the_right_password_after_the_wait_signs_in(ada: User) -> None:
    client, began = browser(), clock.now()
    for _ in range(5):
        sign_in(client, "wrong")
    with clock.read_from(lambda: began + dt.timedelta(seconds=10)):
        assert sign_in(client).status_code == 302
        assert is_in(client)


def test_a_second_factor_from_its_page_to_the_sign_in(ada: User) -> None:
    first = browser()
    sign_in(first)
    secret = turn_on(first)
    stored = Authenticator.objects.get(user=ada, type="totp")
    assert secret not in str(stored.data)
    second = browser()
    assert sign_in(second).headers["Location"] == "/account/2fa/authenticate/"
    assert not is_in(second)
    answer = second.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "This code does not work." in said(answer)  # type: ignore[arg-type]
    before = second.session.session_key
    code = code_of(secret, now_step())
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert is_in(second)
    assert second.session.session_key != before
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="factor.")] == ["factor.turned_on"]


def test_a_code_is_never_taken_twice(ada: User) -> None:
    first = browser()
    sign_in(first)
    spent = code_of(turn_on(first), now_step() - 1)
    second, third = browser(), browser()
    sign_in(second)
    answer = second.post("/account/2fa/authenticate/", {"code": spent})
    assert "Each works once" in said(answer)  # type: ignore[arg-type]
    secret = first.session.get("mfa.totp.secret", "")
    assert secret == "", "the secret leaves the session once it is stored"
    code = code_of(_secret_of(ada), now_step())
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    sign_in(third)
    assert "Each works once" in said(third.post("/account/2fa/authenticate/", {"code": code}))  # type: ignore[arg-type]
    assert not is_in(third)


def _secret_of(person: User) -> str:
    from allauth.mfa.utils import decrypt

    return str(decrypt(Authenticator.objects.get(user=person, type="totp").data["secret"]))


def test_a_recovery_code_works_once(ada: User) -> None:
    first = browser()
    sign_in(first)
    turn_on(first)
    codes = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    second, third = browser(), browser()
    sign_in(second)
    assert second.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert is_in(second)
    assert Entry.objects.filter(kind="factor.code_used").count() == 1
    sign_in(third)
    assert "Each works once" in said(third.post("/account/2fa/authenticate/", {"code": codes[0]}))  # type: ignore[arg-type]
    assert not is_in(third)
    assert len(Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()) == 9


def test_wrong_codes_cost_time(ada: User) -> None:
    first = browser()
    sign_in(first)
    secret = turn_on(first)
    second = browser()
    sign_in(second)
    for _ in range(5):
        second.post("/account/2fa/authenticate/", {"code": "000000"})
    answer = second.post("/account/2fa/authenticate/", {"code": code_of(secret, now_step())})
    assert "Too many tries. Wait" in said(answer)  # type: ignore[arg-type]
    assert not is_in(second)


def reset_link(host: str = "testserver") -> str:
    """The path of the link in the mail that a reset plans."""
    before = set(Job.objects.values_list("pk", flat=True))
    answer = browser().post("/account/password/reset/", {"email": "ada@example.com"}, headers={"host": host})
    assert answer.status_code == 302
    mail = Job.objects.exclude(pk__in=before).get(kind="people.account_mail")
    assert mail.payload["to"] == "ada@example.com"
    link = re.search(r"\S+/password/reset/key/\S+", mail.payload["text"])
    assert link is not None
    assert link[0].startswith(f"{settings.BASE_URL}/account/password/reset/key/")
    return link[0].removeprefix(settings.BASE_URL)


def test_a_link_for_a_new_password_works_once_and_ends_every_session(ada: User) -> None:
    elsewhere = browser()
    sign_in(elsewhere)
    link, client = reset_link(), browser()
    form = client.get(link).headers["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(elsewhere)
    assert not is_in(client), "the second factor is still asked for"
    assert sign_in(browser(), PASSWORD).status_code == 200
    assert sign_in(browser(), NEW).status_code == 302
    again = browser()
    assert "key/done" not in again.get(link).headers.get("Location", "")
    assert again.post(link, {"password1": PASSWORD, "password2": PASSWORD}).status_code in (200, 404)
    assert sign_in(browser(), NEW).status_code == 302
    assert [entry.kind for entry in Entry.objects.filter(kind="password.changed")] == ["password.changed"]
    assert [job.payload["what"] for job in Job.objects.filter(kind="people.notice")] == ["password"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_link_is_built_from_the_base_url(ada: User, host: str) -> None:
    assert reset_link(host)


def test_a_host_that_is_not_ours_is_refused_and_nothing_is_mailed(ada: User) -> None:
    answer = browser().post(
        "/account/password/reset/", {"email": "ada@example.com"}, headers={"host": "evil.example.com"}
    )
    assert answer.status_code == 400
    assert not Job.objects.exists()


def test_a_reset_for_nobody_says_the_same_and_mails_nothing(ada: User) -> None:
    for email in ("nobody@example.com", "ada@example.com"):
        answer = browser().post("/account/password/reset/", {"email": email})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/reset/done/")
    assert [job.payload["to"] for job in Job.objects.all()] == ["ada@example.com"]


def test_changing_the_password_keeps_this_session_and_ends_the_others(ada: User) -> None:
    here, elsewhere = browser(), browser()
    sign_in(here)
    sign_in(elsewhere)
    before = here.session.session_key
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert is_in(here)
    assert here.session.session_key != before
    assert not is_in(elsewhere)
    assert Session.objects.filter(user=ada).count() == 1


def test_a_closed_account_can_not_sign_in_nor_reset(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    client = browser()
    sign_in(client)
    assert not is_in(client)
    browser().post("/account/password/reset/", {"email": "ada@example.com"})
    assert not Job.objects.exists()


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "ben@example.com", "cleo@example.com"])
def test_a_wrong_try_costs_one_hash_for_everybody(ada: User, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the time of the answer does not tell who has an account; Ben has not joined yet, Cleo's is closed."""
    User.objects.filter(pk=make_person("Ben", Access.RESPONDER).pk).update(password=make_password(None))
    User.objects.filter(pk=make_person("Cleo", Access.SUPPORT).pk).update(is_active=False)
    work = []
    for name in ("encode", "verify"):
        done = getattr(Argon2PasswordHasher, name)

        def counted(*words: Any, name: str = name, done: Any = done) -> Any:
            work.append(name)
            return done(*words)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    assert WRONG in said(sign_in(browser(), "wrong", email))
    assert len(work) == 1


def test_who_did_not_do_it_learns_of_it_by_mail(ada: User) -> None:
    note_change(person=ada, what="off", now=clock.now())
    job = Job.objects.get(kind="people.notice")
    parcel = notice(job, now=clock.now())
    assert isinstance(parcel, Parcel)
    assert (parcel.to, parcel.subject) == ("ada@example.com", "Firstcall: your sign-in was changed")
    assert parcel.text == (
        "Your second factor was turned off: from now on your password alone signs in.\n\n"
        "If it was not you, choose a new password at once, and tell an admin:\n"
        f"{settings.BASE_URL}/account/password/reset/\n"
    )
    User.objects.update(is_active=False)
    assert notice(job, now=clock.now()) == Skip("the account has ended")
