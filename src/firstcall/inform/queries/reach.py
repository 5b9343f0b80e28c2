"""Whom words reach, by count and by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience
from firstcall.people.models.user import Access, User
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Answer, Page
from firstcall.respond.models.role import Role, RoleHolding

TEAM = (Access.ADMIN, Access.RESPONDER, Access.COMMUNICATOR)


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` by audience inside the company; `subscribers` of `pages` outside, each address counted once."""

    people: dict[str, list[User]]
    pages: list[StatusPage]
    subscribers: int

    def of(self, audiences: Iterable[str]) -> tuple[int, int]:
        """How many subscribers and how many teams words to these audiences reach."""
        chosen = set(audiences)
        teams = sum(1 for audience, people in self.people.items() if audience in chosen and people)
        return self.subscribers if Audience.PUBLIC in chosen else 0, teams


def pages_of(incident: Incident) -> list[StatusPage]:
    """The pages that show this incident's flow; all of them when its flow is not known. None if restricted."""
    if incident.restricted or incident.practice:
        return []
    pages = StatusPage.objects.all()
    if incident.flow_id is not None:
        pages = pages.filter(components__flow=incident.flow_id).distinct()
    return list(pages)


def living_subscribers(incident: Incident) -> QuerySet[Subscriber]:
    """Those who confirmed, and have not ended, on a page that shows this incident."""
    return Subscriber.objects.filter(page__in=pages_of(incident), confirmed_at__isnull=False, ended_at__isnull=True)


def in_the_room(incident: Incident) -> set[int]:
    """Who holds a role or has said 'I have it'. Two statements."""
    roles = RoleHolding.objects.filter(incident=incident, until=None).values_list("user", flat=True)
    answered = Page.objects.filter(escalation__incident=incident, answer=Answer.HAVE_IT).values_list("user", flat=True)
    return {*roles, *answered}


def people_for(audience: str, incident: Incident) -> list[User]:
    """Who inside the company hears as part of an audience. At most three statements.

    The team are those in the room; while nobody is in it, everybody who could be.
    """
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
        present = in_the_room(incident)
        return list(people.filter(pk__in=present)) if present else list(people.filter(access__in=TEAM))
    return []


def reach_of(incident: Incident) -> Reach:
    """Everybody an update to all audiences would reach."""
    people = {audience: people_for(audience, incident) for audience in Audience.values if audience != Audience.PUBLIC}
    addresses = living_subscribers(incident).values("email").distinct().count()
    return Reach(people, pages_of(incident), addresses)
