"""Actions over the API: what is still owed."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from firstcall.learn.models.action import Action
from firstcall.learn.queries.action import open_actions
from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Person

router = Router(tags=["learn"])


class ActionOut(Schema):
    """What somebody will do until a day."""

    id: int = Field(alias="pk")
    what: str
    owner: Person
    due: dt.date
    incident: int

    @staticmethod
    def resolve_incident(row: Action) -> int:
        return int(row.postmortem.incident_id)


@router.get("/actions", response=list[ActionOut], auth=Needs("read"), summary="Open actions, the soonest due first")
def actions(request: HttpRequest) -> list[Action]:
    return list(open_actions(viewer=caller(request)))
