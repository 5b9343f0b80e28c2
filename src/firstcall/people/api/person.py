"""People over the API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Person
from firstcall.people.models.user import User
from firstcall.people.queries.people import active_people

router = Router(tags=["people"])


class Me(Person):
    """The person whose token this is."""

    email: str
    access: str
    zone: str


@router.get("/me", response=Me, auth=Needs("read"), summary="Who is asking")
def me(request: HttpRequest) -> User:
    return caller(request)


@router.get("/people", response=list[Person], auth=Needs("read"), summary="Everybody with an account")
def people(request: HttpRequest) -> list[User]:
    return list(active_people())
