"""The guard of every page: who may open it stands at the page itself, and a test reads it off for every route."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from firstcall.people.models.user import User
from firstcall.people.rules.access import Action, can

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(action: Action, *, post: Action | None = None) -> Callable[[View[P]], View[P]]:
    """The view needs `action`; with `post`, requests that change something need that one instead.

    Without a sign-in the person is sent to sign in and back; with too little access they get 403 and a sentence.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(_way_back(request))
            wanted = action if post is None or request.method in ("GET", "HEAD") else post
            if not can(user.access, wanted):
                raise PermissionDenied(_("Your access does not cover this. An admin can change it under People."))
            return view(request, *args, **kwargs)

        guarded.needs = (action, post)  # type: ignore[attr-defined]
        return guarded

    return guard


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: what was asked for, or the page whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return urlsplit(came_from)._replace(scheme="", netloc="").geturl()
    return "/"


def viewer_of(request: HttpRequest) -> User:
    """The signed-in person of a guarded view."""
    assert isinstance(request.user, User)
    return request.user


def public(reason: str) -> Callable[[View[P]], View[P]]:
    """The view is open without a sign-in, for the reason given."""

    def mark(view: View[P]) -> View[P]:
        view.public = reason  # type: ignore[attr-defined]
        return view

    return mark
