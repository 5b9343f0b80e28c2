"""Words over the API: what was sent, and sending more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from firstcall.inform.commands.update import publish_update
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.update import Audience, Update
from firstcall.kernel import clock
from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Asked, Moment, Text
from firstcall.people.queries.actor import actor_of
from firstcall.respond.queries.incident import incident_for

router = Router(tags=["updates"])
pages = Router(tags=["status pages"])


class UpdateOut(Schema):
    """What one audience was told. Updates of one posting share their `number`."""

    number: int
    audience: str
    text: str
    state: str
    severity: int
    at: Moment
    by: str = Field(alias="by_name")
    next_due_at: Moment | None


class UpdateIn(Asked):
    """A text for each audience that shall hear; `seen` is the number of the last posting you know (0: none)."""

    texts: dict[Audience, Text] = Field(min_length=1)
    seen: int = Field(ge=0)
    next_due_at: Moment | None = None
    public_state: str | None = None


class PageOut(Schema):
    """A status page; it is published below /status/<slug>/ unless it is private."""

    slug: str
    name: str
    private: bool


@router.get("/{number}/updates", response=list[UpdateOut], auth=Needs("read"), summary="Everything that was said")
def updates(request: HttpRequest, number: int) -> Sequence[Update]:
    return list(incident_for(viewer=caller(request), number=number).updates.order_by("number", "id"))


@router.post(
    "/{number}/updates", response={201: list[UpdateOut]}, auth=Needs("communicate"), summary="Send words, together"
)
def publish(request: HttpRequest, number: int, given: UpdateIn) -> Status[Sequence[Update]]:
    """Refused with the other's words when somebody posted after `seen`, and when an audience has nobody in it."""
    user = caller(request)
    texts: dict[str, str] = {str(audience): text for audience, text in given.texts.items()}
    due: dict[str, Any] = dict.fromkeys(texts, given.next_due_at)
    made = publish_update(
        incident=incident_for(viewer=user, number=number), texts=texts, seen=given.seen, next_due=due,
        public_state=given.public_state, by=actor_of(user), now=clock.now(),
    )  # fmt: skip
    return Status(201, made)


@pages.get("", response=list[PageOut], auth=Needs("read"), summary="All status pages")
def status_pages(request: HttpRequest) -> list[StatusPage]:
    return list(StatusPage.objects.all())
