"""Changes over the API. A tool that can send a webhook needs none of it: see /in/<key>/deploy."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Asked, Moment, Text
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.change import note_change
from firstcall.ready.models.change import Change
from firstcall.ready.models.component import Component
from firstcall.ready.queries.flow import flow_called

router = Router(tags=["ready"])
MOST = 200


class ChangeIn(Asked):
    """A change; `component` and `flow` are slugs, `at` is now when it is not said. The same `key` is kept once."""

    title: Text
    at: Moment | None = None
    component: str | None = None
    flow: str | None = None
    link: Text = ""
    key: Text | None = None


class ChangeOut(Schema):
    id: int = Field(alias="pk")
    title: str
    at: Moment
    said_by: str
    link: str


@router.get("/changes", response=list[ChangeOut], auth=Needs("read"), summary="The last 200 changes")
def changes(request: HttpRequest) -> list[Change]:
    return list(Change.objects.all()[:MOST])


@router.post("/changes", response={201: ChangeOut}, auth=Needs("prepare"), summary="Note a change")
def change(request: HttpRequest, given: ChangeIn) -> Status[Change]:
    component = None if given.component is None else Component.objects.filter(slug=given.component).first()
    if given.component is not None and component is None:
        raise Refused(_("There is no such part."), field="component")
    flow = None if given.flow is None else flow_called(given.flow)
    if given.flow is not None and flow is None:
        raise Refused(_("There is no such flow."), field="flow")
    now = clock.now()
    made = note_change(
        title=given.title, at=given.at or now, component=component, flow=flow, link=given.link, key=given.key,
        by=actor_of(caller(request)), now=now,
    )  # fmt: skip
    return Status(201, made)
