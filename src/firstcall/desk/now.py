"""Now, the first page: one true sentence, what is open, what is late, how the flows are, what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstcall.deliver.queries.health import Finding, findings
from firstcall.desk.flows import FlowStanding, flow_standings
from firstcall.desk.late import LateThing, late_things, place_of
from firstcall.desk.prompts import prompts_for
from firstcall.desk.readiness import OpenHoles, open_holes
from firstcall.desk.sample import NAME
from firstcall.desk.standing import Coming, Standing, standings
from firstcall.detect.models.report import Report
from firstcall.detect.queries.group import waiting_digest
from firstcall.detect.queries.provider_status import ProviderStanding, unwell_for_critical
from firstcall.detect.queries.report import reports_waiting
from firstcall.kernel import clock
from firstcall.people.models.user import Access, User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.rules.access import can
from firstcall.ready.queries.oncall import Plan, all_plans
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.call_back import open_call_backs
from firstcall.respond.queries.incident import likeliest, open_incidents, resolved_incidents
from firstcall.respond.queries.put_off import offs_of
from firstcall.respond.rules.impact import counts_from
from firstcall.respond.rules.queue import Queue, queue_of

REGIONS = ("now",)
MOST_REPORTS = 5
MOST = 10  # incidents that are looked at closely; the list shows all
HEARS: dict[str, str] = {Access.STAKEHOLDER: "leadership", Access.SUPPORT: "support"}


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is on call for these schedules; until when, if it is one alone (None: no end in sight)."""

    schedules: list[str]
    person: User | None
    until: dt.datetime | None


class Now:
    """What the page shows, each part read when the template asks."""

    def __init__(self, *, viewer: User, now: dt.datetime) -> None:
        self.viewer, self.now = viewer, now

    @cached_property
    def opened(self) -> list[Incident]:
        return open_incidents(viewer=self.viewer)

    @property
    def incidents(self) -> list[Incident]:
        return [one for one in self.opened if not one.practice]

    @property
    def practised(self) -> list[Incident]:
        """Rooms of practice: said by themselves, counted nowhere."""
        return [one for one in self.opened if one.practice]

    @cached_property
    def known(self) -> list[Standing]:
        """The open ones, then those resolved and not closed yet: a last word or a postmortem may still be owed."""
        over = resolved_incidents(viewer=self.viewer)
        rooms = [*self.incidents[:MOST], *over, *self.practised[:MOST]]
        return standings(rooms, viewer=self.viewer, now=self.now)

    @property
    def real(self) -> list[Standing]:
        return [one for one in self.known if not one.incident.practice]

    @property
    def standings(self) -> list[Standing]:
        return self.known[: len(self.incidents[:MOST])]

    @cached_property
    def calls(self) -> list[CallBack]:
        """Promised and not kept yet, the one due first on top."""
        return open_call_backs(viewer=self.viewer)

    @property
    def promised(self) -> list[tuple[CallBack, str]]:
        """Those not late yet, each with where it belongs; what is late stands there."""
        coming = [one for one in self.calls if one.due_at >= self.now][:MOST_REPORTS]
        return [(one, place_of(one, viewer=self.viewer)) for one in coming]

    @cached_property
    def queue(self) -> Queue:
        prompts = prompts_for(self.viewer, self.real, self.calls, now=self.now)
        return queue_of(prompts, offs=offs_of(viewer=self.viewer, now=self.now), now=self.now)

    @cached_property
    def gravest(self) -> Standing | None:
        return self.standings[0] if self.standings else None

    @cached_property
    def elsewhere(self) -> Incident | None:
        """The room of what wants this person first, when that is not the gravest one's."""
        head = self.queue.head
        if head is None or self.gravest is None or head.room in (None, self.gravest.incident.pk):
            return None
        return next((one.incident for one in self.known if one.incident.pk == head.room), None)

    @property
    def says_where(self) -> bool:
        """Whether the sentence of what is elsewhere names its room itself."""
        return self.queue.head is not None and "reference" in self.queue.head.sentence.facts

    @cached_property
    def unanswered(self) -> list[Standing]:
        """Those that nobody has taken although every step has run."""
        return [
            one
            for one in self.standings
            if one.escalation is not None and one.escalation.state == EscalationState.EXHAUSTED
        ]

    @cached_property
    def calm(self) -> str:
        """The true sentence while no incident is open."""
        states = {one.state for one in self.flows}
        if states & {"failing", "hurt"}:
            return _("No incident is open, but alerts fire.")
        if states & {"unknown", "unwatched"}:
            return _("No incident is open. Not every flow is watched.")
        return _("All flows are well, as far as their alerts tell.")

    @cached_property
    def leads(self) -> str:
        """Who owns the gravest one, in words."""
        if self.gravest is None:
            return ""
        owner = self.gravest.owner
        if owner is None:
            return _("Nobody owns it yet.")
        if owner.pk == self.viewer.pk:
            return _("You lead.")
        return _("{name} leads.").format(name=owner.name)

    @property
    def hears(self) -> str:
        """The audience this person is, when told and not telling."""
        return HEARS.get(self.viewer.access, "")

    @cached_property
    def word(self) -> Coming | None:
        """The next word about the gravest one: to this person where one is promised, else to whom it is due first."""
        if self.gravest is None:
            return None
        return (self.hears and self.gravest.next_word(self.hears)) or self.gravest.next_word()

    @cached_property
    def rows(self) -> list[tuple[Incident, dt.datetime, User | None]]:
        """Every open incident with when its clock counts from and who owns it."""
        return [
            (one, counts_from(one.impact(now=self.now), now=self.now), owners[0].user if owners else None)
            for one in self.incidents
            for owners in [getattr(one, "owners", [])]
        ]

    @cached_property
    def late(self) -> list[LateThing]:
        today = self.now.astimezone(get_current_timezone()).date()
        return late_things(self.real, self.calls, viewer=self.viewer, now=self.now, today=today)

    @cached_property
    def flows(self) -> list[FlowStanding]:
        return flow_standings(self.incidents, viewer=self.viewer, now=self.now)

    @property
    def sample(self) -> str:
        """The sample company's name while it is here."""
        return NAME if any(one.flow.sample for one in self.flows) else ""

    @cached_property
    def plans(self) -> list[Plan]:
        """Of all schedules."""
        return all_plans()

    @property
    def begun(self) -> bool:
        """The way to a first night was begun and left: there are flows, and no schedule."""
        return not self.plans

    @cached_property
    def watches(self) -> list[Watch]:
        """Each person once, whatever they hold; schedules without anybody come first."""
        held: dict[User | None, list[Plan]] = {}
        for plan in self.plans:
            held.setdefault(plan.holder(at=self.now), []).append(plan)
        found = []
        for person, plans in sorted(held.items(), key=lambda one: one[0] is not None):
            coming = plans[0].next(at=self.now) if len(self.plans) == 1 else None
            found.append(Watch([one.schedule.name for one in plans], person, coming.starts if coming else None))
        return found

    @cached_property
    def reports(self) -> list[tuple[Report, list[Incident]]]:
        """What waits since a day, each with the rooms it may belong to, the likeliest first."""
        rows = reports_waiting(viewer=self.viewer, since=self.now - dt.timedelta(days=1))[:MOST_REPORTS]
        real = [one for one in self.incidents if not one.practice]
        return [(one, likeliest(real, one.flow_id)) for one in rows]

    @cached_property
    def providers(self) -> list[ProviderStanding]:
        return unwell_for_critical(now=self.now)

    @cached_property
    def digest(self) -> int:
        return waiting_digest(viewer=self.viewer).count()

    @cached_property
    def holes(self) -> OpenHoles:
        return open_holes(now=self.now)

    @property
    def more_holes(self) -> int:
        return max(0, self.holes.count - 3)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(now=self.now)


@require_safe
@needs("read")
def now(request: HttpRequest) -> HttpResponse:
    """The whole page, or its region alone. A stakeholder sees the sentence, the flows and where to follow."""
    viewer = viewer_of(request)
    thin = viewer.access == Access.STAKEHOLDER
    context = {
        "page": Now(viewer=viewer, now=clock.now()),
        "thin": thin,
        "can_respond": can(viewer.access, "respond"),
        "can_support": can(viewer.access, "support"),
        "can_prepare": can(viewer.access, "prepare"),
        "can_administer": can(viewer.access, "administer"),
        "live": "now",
    }
    region = request.GET.get("region")
    if region is None:
        return render(request, "desk/now.html", context)
    if region not in REGIONS:
        raise Http404
    return render(request, "desk/now/now.html", context)
