"""The room: one page per incident, and each of its regions alone for whoever looks on live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from firstcall.desk.facts import facts_of
from firstcall.desk.prompts import prompts_for
from firstcall.desk.standing import Coming, Standing, standings
from firstcall.desk.timeline import FILTERS, Timeline, timeline_of
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.queries.group import groups_of_incident
from firstcall.inform.queries.clocks import Words, words_of
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel import clock
from firstcall.kernel.number import number_in
from firstcall.kernel.say import Say
from firstcall.learn.queries.incident import cost_of_incident
from firstcall.learn.rules.cost import Cost
from firstcall.people.models.user import User
from firstcall.people.pages.guard import needs, viewer_of
from firstcall.people.rules.access import can
from firstcall.ready.models.drill import Drill
from firstcall.ready.rules.waking import decide_waking
from firstcall.respond.events import INTERRUPTED, QUESTION_ANSWERED, QUESTION_ASKED
from firstcall.respond.models.decision import Decision
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.need import Need
from firstcall.respond.models.role import Role
from firstcall.respond.pages.visit import room_of
from firstcall.respond.queries.call_back import open_call_backs
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.first_step import Steps, first_steps_of
from firstcall.respond.queries.lifeline import LifeLine, draw
from firstcall.respond.queries.put_off import offs_of
from firstcall.respond.queries.report import reports_of
from firstcall.respond.rules.answers import Answers, answer_questions
from firstcall.respond.rules.impact import Span, counts_from
from firstcall.respond.rules.need import Waiting, waiting_of
from firstcall.respond.rules.queue import Queue, queue_of

REGIONS = ("head", "next", "answers", "people", "steps", "needs", "decisions", "updates", "timeline")
SHORT_ROLES = {
    Role.OWNER: gettext_lazy("Owner"),
    Role.TECHNICAL_LEAD: gettext_lazy("Technical lead"),
    Role.COMMUNICATIONS_LEAD: gettext_lazy("Communications"),
    Role.SUPPORT_LIAISON: gettext_lazy("Support"),
    Role.LEADERSHIP_LIAISON: gettext_lazy("Leadership"),
    Role.SCRIBE: gettext_lazy("Scribe"),
}
NEWS = (QUESTION_ASKED.name, QUESTION_ANSWERED.name)  # what the engineers are spared


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the people: a role and who holds it, None while it is asked for."""

    role: str
    label: str
    holder: User | None
    since: dt.datetime | None
    quiet_since: dt.datetime | None = None
    beforehand: bool = False


def _drill_of(incident: Incident) -> Drill | None:
    """The game day under way there. One statement."""
    return Drill.objects.filter(incident=incident.pk, done_at=None).first()


class Room:
    """What the room shows, each part read when its template asks: a region alone costs only its own statements."""

    def __init__(
        self, incident: Incident, *, viewer: User, now: dt.datetime, show: str, before: int | None, view: str
    ) -> None:
        self.incident, self.viewer, self.now = incident, viewer, now
        self.show, self.before, self.view = show, before, view
        self.filters = FILTERS.items()

    @cached_property
    def standing(self) -> Standing:
        return standings([self.incident], viewer=self.viewer, now=self.now)[0]

    @cached_property
    def may_fold(self) -> bool:
        """Has this person a technical role here?"""
        return any(one.user_id == self.viewer.pk and one.role == Role.TECHNICAL_LEAD for one in self.standing.holdings)

    @cached_property
    def drill(self) -> Drill | None:
        """The game day that this is the room of, while it goes on."""
        return _drill_of(self.incident) if self.incident.practice else None

    @property
    def my_roles(self) -> list[str]:
        """What this person could hand over."""
        return [one.role for one in self.standing.holdings if one.user_id == self.viewer.pk]

    @property
    def rhythm(self) -> User | None:
        """Who is looked in with at the agreed rhythm, if there is one."""
        if self.standing.rule.look_in is None or not self.incident.is_open:
            return None
        return next((one.user for one in self.standing.holdings if one.role == Role.TECHNICAL_LEAD), None)

    @cached_property
    def interruptions(self) -> int:
        """How often engineers were asked for news all the same. One statement."""
        return entries_of(self.incident).filter(kind=INTERRUPTED.name).count()

    @cached_property
    def engineer(self) -> bool:
        """Fold all that is not an engineer's: for who leads the technical work and holds nothing else."""
        if self.view in ("all", "engineer"):
            return self.view == "engineer"
        mine = {one.role for one in self.standing.holdings if one.user_id == self.viewer.pk}
        return mine == {Role.TECHNICAL_LEAD}

    @cached_property
    def queue(self) -> Queue:
        calls = open_call_backs(viewer=self.viewer, incident=self.incident.pk)
        prompts = prompts_for(self.viewer, [self.standing], calls, now=self.now)
        return queue_of(prompts, offs=offs_of(viewer=self.viewer, now=self.now), now=self.now)

    @cached_property
    def coming(self) -> Coming | None:
        """The next word that is promised but asks for nothing yet."""
        if self.engineer or not can(self.viewer.access, "respond"):
            return None
        return self.standing.next_word()

    @cached_property
    def words(self) -> Words:
        """What each audience heard last and hears next."""
        return words_of(self.incident, now=self.now)

    @cached_property
    def groups(self) -> list[AlertGroup]:
        return groups_of_incident(self.incident.pk, viewer=self.viewer)

    @cached_property
    def reports(self) -> list[Report]:
        return reports_of(self.incident, viewer=self.viewer)

    @property
    def callers(self) -> list[tuple[str, str]]:
        """Who told us, each number once with a name, the latest first."""
        found: dict[str, str] = {}
        for one in self.reports:
            phone = one.phone or (one.customer.phone if one.customer else "")
            if phone:
                found.setdefault(phone, one.who or (one.customer.name if one.customer else ""))
        return [(name, phone) for phone, name in found.items()]

    @cached_property
    def answers(self) -> Answers:
        return answer_questions(facts_of(self.standing, self.groups, self.reports, self.cost, now=self.now))

    @cached_property
    def cost(self) -> Cost:
        """What it cost so far, by the reckoning that the postmortem uses. One statement."""
        return cost_of_incident(self.incident, now=self.now)

    @property
    def broke_notes(self) -> list[Say]:
        """What opens below the error: all but the error itself, which stands above."""
        return [one for one in self.answers.broke.more if "error" not in one.facts]

    @cached_property
    def people(self) -> list[Person]:
        held = {one.role: one for one in self.standing.holdings}
        asked = set(self.standing.rule.roles) if self.incident.is_open else set()
        rows = []
        for role in Role:
            one = held.get(role.value)
            if one is not None or role.value in asked:
                label = str(SHORT_ROLES[role])
                rows.append(
                    Person(
                        role.value,
                        label,
                        one.user if one else None,
                        one.since if one else None,
                        one.quiet_since if one else None,
                        one.beforehand if one else False,
                    )
                )
        return rows

    @cached_property
    def asked_now(self) -> str:
        """The names of those who were paged and haven't answered."""
        run = self.standing.escalation
        if run is None:
            return ""
        names = dict.fromkeys(page.user.name for page in run.pages.all() if not page.answer)
        return ", ".join(names) or _("nobody yet")

    @property
    def quiet(self) -> Say | None:
        """Why nobody is paged before the morning, while that is so."""
        run = self.standing.escalation
        if run is None or run.state != "running" or run.step >= 0 or run.next_at is None or run.next_at <= self.now:
            return None
        zone = organisation_zone()
        return decide_waking(self.standing.rule, now=self.now, zone=zone).reason

    @cached_property
    def owner_name(self) -> str:
        owner = self.standing.owner
        return owner.name if owner else _("whoever owns this")

    @cached_property
    def needs(self) -> list[tuple[Need, Waiting]]:
        rows = self.standing.needs
        if self.engineer:
            rows = tuple(one for one in rows if self.viewer.pk in (one.asked_by_id, one.with_whom_id))
        rows = tuple(sorted(rows, key=lambda one: one.due_at))
        return [(one, waiting_of(asked_at=one.asked_at, due_at=one.due_at, now=self.now)) for one in rows]

    @cached_property
    def decisions(self) -> list[Decision]:
        """The open ones first, by when to look again, then the latest made: the oldest is what folds away."""
        made = [one for one in self.standing.decisions if one.decided_at is not None]
        made.sort(key=lambda one: one.decided_at or self.now, reverse=True)
        open_ones = [one for one in self.standing.decisions if one.decided_at is None]
        open_ones.sort(key=lambda one: (one.look_again_at is None, one.look_again_at or self.now))
        return open_ones + made

    @cached_property
    def first_steps(self) -> list[Steps]:
        return first_steps_of(self.incident, viewer=self.viewer)

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self.incident, chosen=self.show, before=self.before, without=NEWS if self.engineer else ())

    @cached_property
    def lifeline(self) -> LifeLine:
        return draw(self.incident, self.groups, now=self.now, zone=get_current_timezone())

    @cached_property
    def impact(self) -> tuple[Span, ...]:
        return self.incident.impact(now=self.now)

    @property
    def counts_from(self) -> dt.datetime:
        return counts_from(self.impact, now=self.now)

    @property
    def again(self) -> dt.datetime | None:
        """Since when people are or were hit for the last time, where it worked in between."""
        return self.impact[-1][0] if len(self.impact) > 1 else None


@require_safe
@needs("read")
def room(request: HttpRequest, number: int) -> HttpResponse:
    """The whole page, or with `?region=` that region alone."""
    incident = room_of(request, number)
    viewer = viewer_of(request)
    context = {
        "incident": incident,
        "room": Room(
            incident,
            viewer=viewer,
            now=clock.now(),
            show=request.GET.get("show", "all"),
            before=number_in(request.GET.get("before", "")),
            view=request.GET.get("view", ""),
        ),
        "can_respond": can(viewer.access, "respond"),
        "can_support": can(viewer.access, "support"),
        "live": f"incident:{incident.pk}",
    }
    region = request.GET.get("region")
    if region is None:
        return render(request, "desk/room.html", context)
    if region not in REGIONS:
        raise Http404
    return render(request, f"desk/room/{region}.html", context)
