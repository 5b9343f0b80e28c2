"""Alerts and customers' reports over the API. Alerts come in elsewhere: at /in/<key>/<source>."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from firstcall.detect.commands.report import file_report
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.queries.group import open_groups
from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.api.caller import Needs, caller
from firstcall.people.api.shapes import Asked, Moment, Text
from firstcall.people.queries.actor import actor_of
from firstcall.ready.models.customer import Customer
from firstcall.ready.queries.flow import flow_called

router = Router(tags=["signals"])
MOST = 200


class GroupOut(Schema):
    """Alerts that belong together, what became of them (page, join or digest) and why."""

    id: int = Field(alias="pk")
    title: str
    verdict: str
    reason: str
    count: int
    incident: int | None
    opened_at: Moment
    last_at: Moment


class ReportIn(Asked):
    """What a customer says. `customer` is a name from the register."""

    seen: Text
    customer: Text | None = None
    flow: str | None = None
    symptom: str = ""
    since: Moment | None = None
    stands_still: Text = ""
    error: Text = ""
    who: Text = ""
    phone: Text = ""


class ReportOut(Schema):
    id: int = Field(alias="pk")
    at: Moment
    incident: int | None


@router.get("/alerts", response=list[GroupOut], auth=Needs("read"), summary="What fires now, what paged first")
def alerts(request: HttpRequest) -> list[AlertGroup]:
    """Two hundred at most."""
    return list(open_groups(viewer=caller(request))[:MOST])


@router.post("/reports", response={201: ReportOut}, auth=Needs("read"), summary="A customer says that something fails")
def report(request: HttpRequest, given: ReportIn) -> Status[Report]:
    user = caller(request)
    customer = None if given.customer is None else Customer.objects.filter(name=given.customer).first()
    if given.customer is not None and customer is None:
        raise Refused(_("No customer of that name is in the register."), field="customer")
    flow = None if given.flow is None else flow_called(given.flow)
    if given.flow is not None and flow is None:
        raise Refused(_("There is no such flow."), field="flow")
    made = file_report(
        customer=customer, flow=flow, symptom=given.symptom, since=given.since, seen=given.seen,
        stands_still=given.stands_still, error=given.error, who=given.who, phone=given.phone, by=actor_of(user),
        now=clock.now(),
    )  # fmt: skip
    return Status(201, made)
