"""/api/v1/: the rooms' operations under one roof, and every refusal in one shape."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from firstcall.desk.close import router as closing
from firstcall.detect.api.alert import router as signals
from firstcall.inform.api.update import pages
from firstcall.inform.api.update import router as updates
from firstcall.kernel.refusal import Gone, NotAllowed, Refused
from firstcall.learn.api.action import router as actions
from firstcall.people.api.person import router as people
from firstcall.ready.api.change import router as changes
from firstcall.ready.api.customer import router as customers
from firstcall.ready.api.flow import router as ready
from firstcall.ready.api.oncall import router as oncall
from firstcall.respond.api.incident import router as incidents

api = NinjaAPI(
    title="Firstcall",
    version="1",
    description="JSON over the same commands and queries as the pages. Send `Authorization: Bearer <token>`: it is "
    "made under your profile. Moments are ISO 8601 with their zone. A refusal is {message, field}.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", people)
api.add_router("", ready)
api.add_router("", changes)
api.add_router("", customers)
api.add_router("", oncall)
api.add_router("", signals)
api.add_router("", actions)
api.add_router("/incidents", incidents)
api.add_router("/incidents", closing)
api.add_router("/incidents", updates)
api.add_router("/pages", pages)


def _answer(request: HttpRequest, status: int, message: str, field: str | None = None) -> HttpResponse:
    return api.create_response(request, {"message": message, "field": field}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 404 if isinstance(error, Gone) else 422
    return _answer(request, status, error.sentence, error.field)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first thing that is wrong, by its path in what was sent."""
    first: dict[str, Any] = error.errors[0]
    field = ".".join(str(part) for part in first["loc"][1:] if part != "given")
    sentence = str(first["msg"]).removeprefix("Value error, ")
    return _answer(request, 422, f"{field}: {sentence}." if field else f"{sentence}.", field or None)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, 401, _("Send a token that is valid: they are made under your profile."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, _("There is nothing here."))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(
        request, error.status_code, _("This can't be read as JSON.") if error.status_code == 400 else str(error)
    )
