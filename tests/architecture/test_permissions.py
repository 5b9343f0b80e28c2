"""Who may open what: every page says it at its guard, and every page keeps it, for each access and for strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from firstcall.people.models.user import Access
from firstcall.people.rules.access import ACTIONS, can
from tests.cast import make_person

STRANGER = "stranger"
VISITORS = (STRANGER, *Access.values)
METHODS = ("get", "post")
# What stands in a path for each of its parts: nothing of that name is there.
PARTS = {"int": "987654", "str": "nothing", "slug": "nothing", "path": "nothing"}
BY_HAND = {"account_reset_password_from_key": "account/password/reset/key/zz-nothing/"}

# Pages without a sign-in. A new one is added here on purpose, or not at all.
PUBLIC = {
    "account_email", "account_inactive", "account_login", "account_logout", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_set_password", "account_signup", "calendar_feed", "components", "join", "mfa_authenticate", "page",
    "subscribe", "subscription_confirm", "subscription_end", "theme", "trial", "welcome", "worker",
}  # fmt: skip
# Public pages that send a stranger to sign in, because there is nothing begun or nothing to end.
SENDS_TO_SIGN_IN = {"mfa_authenticate", "account_logout"}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def all_routes() -> dict[str, tuple[str, Any]]:
    """Name to a path of that page and its view."""
    found = {}
    for path, pattern in routes(get_resolver().url_patterns):
        if path.startswith("api/"):  # test_api.py
            continue
        assert pattern.name, f"{path} has no name"
        path = BY_HAND.get(pattern.name) or re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], path)
        assert "<" not in path, f"say in BY_HAND how to reach {path}"
        found[pattern.name] = (f"/{path}", pattern.callback)
    return found


def test_every_page_says_who_may_open_it() -> None:
    silent, wrong, public = [], [], set()
    for name, (_path, view) in all_routes().items():
        declared, reason = getattr(view, "needs", None), getattr(view, "public", None)
        if (declared is None) == (reason is None):
            silent.append(name)
        elif reason is not None:
            public.add(name)
            wrong += [name] if len(reason) < 20 else []
        else:
            wrong += [name for action in declared or () if action is not None and action not in ACTIONS]
    assert silent == []
    assert wrong == []
    assert public == PUBLIC


def expected(view: Any, method: str, visitor: str) -> str:
    if getattr(view, "public", None):
        return "open"
    if visitor == STRANGER:
        return "sign in"
    action, post = view.needs
    wanted = post if method == "post" and post is not None else action
    return "open" if can(visitor, wanted) else "refused"


def outcome(client: Client, method: str, path: str) -> str:
    """What became of it; nothing is kept."""
    with transaction.atomic():
        answer = getattr(client, method)(path)
        transaction.set_rollback(True)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/"):
        return "sign in"
    if answer.status_code in (401, 403):
        return "refused"
    if answer.status_code == 405:
        return "no such method"
    return "open" if answer.status_code < 500 else f"error {answer.status_code}"


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_keeps_it(visitor: str) -> None:
    client = Client()
    if visitor != STRANGER:
        client.force_login(make_person("Ada", Access(visitor)))
    cookies = client.cookies.copy()
    wrong = []
    for name, (path, view) in all_routes().items():
        unknown = 0
        for method in METHODS:
            client.cookies = SimpleCookie(cookies)
            found, wanted = outcome(client, method, path), expected(view, method, visitor)
            if found == "no such method":
                unknown += 1
                continue
            if visitor == STRANGER and name in SENDS_TO_SIGN_IN and found == "sign in":
                continue
            if found != wanted:
                wrong.append(f"{method} {path}: {found}, not {wanted}")
        wrong += [f"{path} answers neither"] if unknown == len(METHODS) else []
    assert wrong == []


@pytest.mark.django_db
def test_a_stranger_comes_back_to_the_page_after_signing_in() -> None:
    answer = Client().get("/flows/?kind=critical")
    assert answer.headers["Location"] == "/account/login/?next=/flows/%3Fkind%3Dcritical"


@pytest.mark.django_db
def test_who_may_not_is_told_what_to_do() -> None:
    client = Client()
    client.force_login(make_person("Dana", Access.STAKEHOLDER))
    answer = client.get("/people/")
    assert answer.status_code == 403
    assert "Your access does not cover this. An admin can change it under People." in answer.content.decode()
