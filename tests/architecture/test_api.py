"""Who may ask what of the API: read off every operation, and kept for each access, each kind of token and strangers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from ninja.operation import Operation

from firstcall.kernel import clock
from firstcall.people.api.caller import SAFE, Needs
from firstcall.people.commands.token import end_token, make_token
from firstcall.people.models.token import Token
from firstcall.people.models.user import Access
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.access import ACTIONS, can
from firstcall.web.api import api
from tests.cast import make_person

PARTS = {"number": "987654", "need": "987654", "slug": "nothing"}


class Route(NamedTuple):
    method: str
    path: str
    operation: Operation


def operations() -> Iterator[Route]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            whole = "/".join(part for part in (prefix.strip("/"), path.strip("/")) if part)
            for operation in view.operations:
                for method in operation.methods:
                    yield Route(method, f"/api/v1/{whole}", operation)


def action_of(operation: Operation) -> str:
    (guard,) = operation.auth_callbacks
    assert isinstance(guard, Needs)
    return guard.action


def ask(client: Client, route: Route, secret: str = "") -> int:
    """The status of an empty request; nothing is kept."""
    path = re.sub(r"{(\w+)}", lambda part: PARTS[part[1]], route.path)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    with transaction.atomic():
        answer = client.generic(route.method, path, b"{}", content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return answer.status_code


def test_every_operation_says_what_it_needs_and_what_it_is() -> None:
    found = list(operations())
    assert len(found) > 20
    assert [route.path for route in found if action_of(route.operation) not in ACTIONS] == []
    assert [route.path for route in found if not route.operation.summary] == []
    assert [route.path for route in found if route.method not in ("GET", "POST")] == []


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["read", "act"])
@pytest.mark.parametrize("access", Access.values)
def test_every_operation_keeps_it(access: str, scope: str) -> None:
    ada = make_person("Ada", Access(access))
    _token, secret = make_token(person=ada, name="script", scope=scope, days=30, by=actor_of(ada), now=clock.now())
    wrong = []
    for route in operations():
        may = can(access, action_of(route.operation)) and (scope == "act" or route.method in SAFE)
        status = ask(Client(), route, secret)
        if (status == 403) == may or status >= 500 or status == 401:
            wrong.append(f"{route.method} {route.path}: {status}")
    assert wrong == []


@pytest.mark.django_db
def test_strangers_and_dead_tokens_learn_nothing() -> None:
    ada = make_person("Ada", Access.ADMIN)
    now = clock.now()
    ended, ended_secret = make_token(person=ada, name="a", scope="act", days=30, by=actor_of(ada), now=now)
    end_token(token=ended, by=actor_of(ada), now=now)
    _old, old_secret = make_token(
        person=ada, name="b", scope="act", days=30, by=actor_of(ada), now=now - dt.timedelta(days=31)
    )
    eve = make_person("Eve", Access.ADMIN)
    _gone, gone_secret = make_token(person=eve, name="c", scope="act", days=30, by=actor_of(eve), now=now)
    eve.is_active = False
    eve.save()
    for route in operations():
        for secret in ("", "fct_wrong", "ä", ended_secret, old_secret, gone_secret):
            assert ask(Client(), route, secret) == 401, (route.path, secret)
    assert Token.objects.filter(used_at=None).count() == 3


@pytest.mark.django_db
def test_a_browser_may_read_and_needs_its_csrf_token_to_act() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person("Ada", Access.ADMIN))
    assert {ask(client, route) for route in operations() if route.method == "POST"} == {401}
    assert 401 not in {ask(client, route) for route in operations() if route.method == "GET"}
