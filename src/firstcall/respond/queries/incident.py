"""Finding incidents a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _

from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.refusal import Gone
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.incident import OPEN_STATES, Incident, State
from firstcall.respond.models.role import Role, RoleHolding

OWNERS = Prefetch(
    "holdings",
    queryset=RoleHolding.objects.filter(role=Role.OWNER, until=None).select_related("user"),
    to_attr="owners",
)


def open_incidents(*, viewer: User) -> list[Incident]:
    """Every incident someone works on, gravest first, with its flow and its `owners`. Two statements."""
    return list(
        visible(Incident.objects.filter(state__in=OPEN_STATES), viewer=viewer)
        .select_related("flow")
        .prefetch_related(OWNERS)
        .order_by("severity", "opened_at")[:100]
    )


def resolved_incidents(*, viewer: User) -> list[Incident]:
    """Resolved, not closed yet, the latest first, five at most. One statement."""
    rows = visible(Incident.objects.filter(state=State.RESOLVED), viewer=viewer)
    return list(rows.select_related("flow").order_by("-resolved_at")[:5])


def past_incidents(*, viewer: User, before: int | None = None, at_most: int = 50) -> list[Incident]:
    """Incidents that are over, newest first, older than number `before`. Two statements."""
    rows = visible(Incident.objects.exclude(state__in=OPEN_STATES), viewer=viewer)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("flow").prefetch_related(OWNERS).order_by("-pk")[:at_most])


def real_incidents(*, viewer: User) -> list[Incident]:
    """What is open, as far as `viewer` may know, and no practice; gravest first. Two statements."""
    return [one for one in open_incidents(viewer=viewer) if not one.practice]


def likeliest(open_: Sequence[Incident], flow: int | None) -> list[Incident]:
    """The open ones, those of this flow first."""
    return sorted(open_, key=lambda one: flow is None or one.flow_id != flow)


def gravest_open(*, flow: int | None, otherwise: Iterable[int] = ()) -> Incident | None:
    """The gravest open incident of a flow, or without a flow of those `otherwise`: what alerts join by themselves.

    One statement.
    """
    rows = Incident.objects.filter(state__in=OPEN_STATES, practice=False)
    rows = rows.filter(pk__in=list(otherwise)) if flow is None else rows.filter(flow=flow)
    return rows.order_by("severity", "opened_at").first()


def rooms_for(incident: Incident, *, viewer: User) -> list[Incident]:
    """The open rooms that one in triage may be the same as: of its flow, or all while its flow is not known; gravest
    first, three at most. None once it was accepted. Two statements at most."""
    if incident.state != State.TRIAGE or incident.practice:
        return []
    flow = incident.flow_id
    return [one for one in real_incidents(viewer=viewer) if one.pk != incident.pk and flow in (None, one.flow_id)][:3]


def rooms_for_group(group: AlertGroup, *, viewer: User) -> list[Incident]:
    """The open rooms that a group of alerts may belong to, those of its flow first, three at most; none while another
    room than one in triage works on it. Two statements."""
    open_ = real_incidents(viewer=viewer)
    now_in = next((one for one in open_ if one.pk == group.incident), None)
    if now_in is not None and now_in.state != State.TRIAGE:
        return []
    return [one for one in likeliest(open_, group.flow_id) if one is not now_in][:3]


def incident_for(*, viewer: User, number: int) -> Incident:
    """One incident with its flow. Raises Gone when it isn't there or may not be seen, the same for both."""
    row = visible(Incident.objects.filter(pk=number), viewer=viewer).select_related("flow").first()
    if row is None:
        raise Gone(_("There is no such incident."))
    return row


def incidents_of_flows(flows: Iterable[int], *, viewer: User) -> list[Incident]:
    """Open incidents of these flows, gravest first, without practice: no customer is hit by that. One statement."""
    rows = Incident.objects.filter(state__in=OPEN_STATES, flow_id__in=list(flows), practice=False)
    return list(
        visible(rows, viewer=viewer)
        .select_related("flow")
        .order_by("severity", F("impact_started_at").asc(nulls_last=True))
    )
