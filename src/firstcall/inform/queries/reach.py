"""Whom words reach, by count and by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience
from firstcall.inform.rules.reach import ACCOUNTS, is_heard
from firstcall.people.models.user import Access, User
from firstcall.ready.models.flow import Flow
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Answer, Page
from firstcall.respond.models.role import Role, RoleHolding

TEAM = (Access.ADMIN, Access.RESPONDER, Access.COMMUNICATOR)


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` by audience inside the company; `subscribers` of `pages` outside, each address counted once.

    `heard` are the audiences in which anybody is. An exercise reaches no page, and is heard as the real thing would be.
    """

    people: dict[str, list[User]]
    pages: list[StatusPage]
    subscribers: int
    heard: frozenset[str]

    def of(self, audiences: Iterable[str]) -> tuple[int, list[str]]:
        """How many subscribers, and which audiences inside the company, words to these audiences reach."""
        chosen = set(audiences)
        inside = [audience for audience, people in self.people.items() if audience in chosen and people]
        return self.subscribers if Audience.PUBLIC in chosen else 0, inside


def pages_showing(incident: Incident) -> list[StatusPage]:
    """The pages that show this incident's flow; all of them when its flow is not known. None if restricted."""
    if incident.restricted:
        return []
    pages = StatusPage.objects.all()
    if incident.flow_id is not None:
        pages = pages.filter(components__flow=incident.flow_id).distinct()
    return list(pages)


def page_to_show(flow: Flow | None) -> StatusPage | None:
    """The public page on which a flow belongs that none shows; None: there is none yet. Sample stays with sample."""
    sample = flow is not None and flow.sample
    return StatusPage.objects.filter(private=False, sample=sample).order_by("pk").first()


def pages_of(incident: Incident) -> list[StatusPage]:
    """The pages that what is said of this incident stands on: of an exercise none."""
    return [] if incident.practice else pages_showing(incident)


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
        present = list(people.filter(pk__in=in_the_room(incident)))
        return present or list(people.filter(access__in=TEAM))
    return []


def reach_of(incident: Incident) -> Reach:
    """Everybody an update to all audiences would reach."""
    people = {audience: people_for(audience, incident) for audience in Audience.values if audience != Audience.PUBLIC}
    addresses = living_subscribers(incident).values("email").distinct().count()
    pages = pages_showing(incident)
    heard = {audience for audience, some in people.items() if some} | ({Audience.PUBLIC.value} if pages else set())
    return Reach(people, [] if incident.practice else pages, addresses, frozenset(heard))


def heard_in(incidents: Sequence[Incident], holdings: Sequence[RoleHolding]) -> dict[int, frozenset[str]]:
    """The audiences of each incident in which anybody is. Two statements, one more if one of them is restricted.

    `holdings` are the roles held in them now, with their people.
    """
    if not incidents:
        return {}
    shown = set(StatusPage.objects.values_list("components__flow", flat=True).distinct())
    living = User.objects.filter(is_active=True)
    everyone = set(living.filter(access__in=ACCOUNTS.values()).values_list("access", flat=True).distinct())
    closed = [incident.pk for incident in incidents if incident.restricted]
    named: dict[int, dict[int, str]] = {number: {} for number in closed}
    if closed:
        for number, person, access in living.filter(named_in__in=closed).values_list("named_in", "pk", "access"):
            named.setdefault(number, {})[person] = access
    found = {}
    for incident in incidents:
        sees = named.get(incident.pk)
        roles = {
            one.role
            for one in holdings
            if one.incident_id == incident.pk
            and one.user.is_active
            and (sees is None or one.user_id in sees or one.user.access == Access.ADMIN)
        }
        accesses = everyone if sees is None else set(sees.values())
        is_shown = not incident.restricted and (incident.flow_id in shown if incident.flow_id else bool(shown))
        found[incident.pk] = frozenset(
            one for one in Audience.values if is_heard(one, shown=is_shown, accesses=accesses, roles=roles)
        )
    return found
