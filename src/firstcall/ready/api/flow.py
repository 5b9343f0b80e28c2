"""What is prepared, over the API: flows, parts, providers."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from firstcall.kernel.refusal import Gone
from firstcall.people.api.caller import Needs
from firstcall.people.api.shapes import Person
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.flow import flow_called, flows_by_criticality

router = Router(tags=["ready"])


class FlowOut(Schema):
    """A flow. Money is in major units of FIRSTCALL_CURRENCY; null is 'not known'."""

    slug: str
    name: str
    criticality: str
    stops: str
    cost_per_hour: int | None
    users_per_hour: int | None
    workaround: str
    owner: Person | None


class ComponentOut(Schema):
    """A part of ours; `first_steps` are up to seven lines."""

    slug: str
    name: str
    first_steps: str
    owner: Person | None


class ProviderOut(Schema):
    """A third party."""

    slug: str
    name: str
    support_contact: str
    phone: str
    status_url: str


@router.get("/flows", response=list[FlowOut], auth=Needs("read"), summary="All flows, the most critical first")
def flows(request: HttpRequest) -> list[Flow]:
    return list(flows_by_criticality())


@router.get("/flows/{slug}", response=FlowOut, auth=Needs("read"), summary="One flow")
def flow(request: HttpRequest, slug: str) -> Flow:
    found = flow_called(slug)
    if found is None:
        raise Gone(_("There is no such flow."))
    return found


@router.get("/components", response=list[ComponentOut], auth=Needs("read"), summary="All parts of ours")
def components(request: HttpRequest) -> list[Component]:
    return list(Component.objects.select_related("owner").order_by("name"))


@router.get("/providers", response=list[ProviderOut], auth=Needs("read"), summary="All third parties")
def providers(request: HttpRequest) -> list[Provider]:
    return list(Provider.objects.order_by("name"))
