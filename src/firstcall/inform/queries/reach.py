"""Whom words reach, by count and by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience
from firstcall.people.models.user import Access, User
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding

TEAM = (Access.ADMIN, Access.RESPONDER, Access.COMMUNICATOR)


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` by audience inside the company; `subscribers` of `pages` outside."""

    people: dict[str, list[User]]
    pages: list[StatusPage]
    subscribers: int


def pages_of(incident: Incident) -> list[StatusPage]:
    """The pages that show this incident's flow; all of them when its flow is not known. None if restricted."""
    if incident.restricted or incident.practice:
        return []
    pages = StatusPage.objects.all()
    if incident.flow_id is not None:
        pages = pages.filter(components__flow=incident.flow_id).distinct()
    return list(pages)


def people_for(audience: str, incident: Incident) -> list[User]:
    """Who inside the company hears as part of an audience. One or two statements."""
    people = User.objects.filter(is_active=True).order_by("name")
    if incident.restricted:
        people = people.filter(Q(access=Access.ADMIN) | Q(pk__in=incident.named.values("pk")))
    holders = RoleHolding.objects.filter(incident=incident, until=None)
    if audience == Audience.SUPPORT:
        liaison = holders.filter(role=Role.SUPPORT_LIAISON).values("user")
        return list(people.filter(Q(access=Access.SUPPORT) | Q(pk__in=liaison)))
    if audience == Audience.LEADERSHIP:
        liaison = holders.filter(role=Role.LEADERSHIP_LIAISON).values("user")
        return list(people.filter(Q(access=Access.STAKEHOLDER) | Q(pk__in=liaison)))
    if audience == Audience.INSIDE:
        return list(people.filter(access__in=TEAM))
    return []


def reach_of(incident: Incident) -> Reach:
    """Everybody an update to all audiences would reach."""
    pages = pages_of(incident)
    living = Subscriber.objects.filter(page__in=pages, confirmed_at__isnull=False, ended_at__isnull=True)
    people = {audience: people_for(audience, incident) for audience in Audience.values if audience != Audience.PUBLIC}
    return Reach(people, pages, living.count())
