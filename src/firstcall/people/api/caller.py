"""Who calls the API, and whether they may: a token of theirs, or the session of their browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from firstcall.kernel import clock
from firstcall.kernel.refusal import NotAllowed
from firstcall.people.commands.token import note_use
from firstcall.people.models.token import Scope
from firstcall.people.models.user import User
from firstcall.people.queries.token import token_of
from firstcall.people.rules.access import Action, can

SAFE = ("GET", "HEAD")


class Needs(HttpBearer):
    """The guard of an operation: `auth=Needs("respond")`. A test reads `action` off every operation.

    A token goes as far as its scope and its person's access; a session as far as the access, and what changes
    something also needs the page's CSRF token.
    """

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Any:
        user = self._user(request)
        if user is not None and not can(user.access, self.action):
            raise NotAllowed(_("Your access does not cover this. An admin can change it under People."))
        return user

    def _user(self, request: HttpRequest) -> User | None:
        word, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if word:
            return self.authenticate(request, secret.strip()) if word.lower() == "bearer" else None
        if not isinstance(request.user, User) or not request.user.is_active:
            return None
        user: User = request.user
        return None if check_csrf(request) else user

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person of a living token, None for any other alike. Raises NotAllowed beyond its scope."""
        now = clock.now()
        known = token_of(token, now=now)
        if known is None:
            return None
        if known.scope == Scope.READ and request.method not in SAFE:
            raise NotAllowed(_("This token may only read. Make one that may act, under your profile."))
        note_use(token=known, now=now)
        user: User = known.user
        return user


def caller(request: HttpRequest) -> User:
    """The person of a guarded operation."""
    user = request.auth  # type: ignore[attr-defined]
    assert isinstance(user, User)
    return user
