"""What is late: words, needs, calls and looks, each with its verb."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone

from firstcall.desk.over import draft_due
from firstcall.desk.standing import Standing
from firstcall.inform.models.update import Audience
from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.learn.models.action import Action
from firstcall.learn.queries.action import late_actions
from firstcall.people.models.user import Access, User
from firstcall.respond.models.call_back import CallBack


@dataclass(frozen=True, slots=True)
class LateThing:
    """`due_at` has passed. `target` is a path, or tel: when the next thing to do is a call; `about` is its place."""

    sentence: Say
    note: Say
    due_at: dt.datetime
    verb: Say
    target: str
    about: str = ""

    def minutes(self, now: dt.datetime) -> int:
        """Whole minutes past its time."""
        return int((now - self.due_at).total_seconds() // 60)


def late_things(
    standings: Sequence[Standing], calls: Sequence[CallBack], *, viewer: User, now: dt.datetime, today: dt.date
) -> list[LateThing]:
    """Everything late of incidents open or resolved, the longest late first. One statement beside what is given.

    `today` is the reader's day.
    """
    found = [
        thing
        for standing in standings
        for thing in (_of(standing, now=now) if standing.incident.is_open else _draft(standing, now=now))
    ]
    found += [_call(call, viewer=viewer) for call in calls if call.due_at < now]
    found += [_action(action) for action in late_actions(viewer=viewer, today=today)]
    return sorted(found, key=lambda thing: thing.due_at)


def place_of(call: CallBack, *, viewer: User) -> str:
    """Where a promised call belongs: its room, else its report, for those who may read that."""
    if call.incident_id is not None:
        return reverse("room", args=[call.incident_id])
    mine = call.owner_id == viewer.pk or viewer.access == Access.ADMIN
    return reverse("report", args=[call.report]) if call.report is not None and mine else reverse("reports")


def _call(call: CallBack, *, viewer: User) -> LateThing:
    place = place_of(call, viewer=viewer)
    return LateThing(
        say(_("Call {customer} back."), customer=call.customer_name),
        say(_("Promised by {owner} for {at}."), owner=call.owner.name, at=call.due_at),
        call.due_at,
        say(_("Call {phone}"), phone=call.phone) if call.phone else say(_("See it")),
        f"tel:{call.phone}" if call.phone else place,
        place,
    )


def _action(action: Action) -> LateThing:
    due_at = dt.datetime.combine(action.due, dt.time.max, tzinfo=get_current_timezone())
    return LateThing(
        say("{what}", what=action.what),
        say(_("Action with {owner}, due {day}."), owner=action.owner.name, day=date_format(action.due, "j F")),
        due_at,
        say(_("Move the date")),
        reverse("actions"),
    )


def _draft(standing: Standing, *, now: dt.datetime) -> Iterator[LateThing]:
    """It is over, and its postmortem was to be drafted by now."""
    due_at, incident = draft_due(standing), standing.incident
    if due_at is not None and due_at < now:
        yield LateThing(
            say(_("{reference} has no draft of its postmortem."), reference=incident.reference),
            say(_("Asked for within {n} hours after a SEV{severity}."), n=standing.rule.draft_hours,
                severity=incident.severity),
            due_at,
            say(_("Begin it")),
            reverse("postmortem", args=[incident.pk]),
        )  # fmt: skip


def _of(standing: Standing, *, now: dt.datetime) -> Iterator[LateThing]:
    incident = standing.incident
    room = reverse("room", args=[incident.pk])
    for need in standing.needs:
        if need.due_at < now:
            whom = need.with_whom
            yield LateThing(
                say(_("{who} waits for: {what}."), who=need.asked_by.name, what=need.what),
                say(_("{reference}, with {whom}, asked {at}."), reference=incident.reference,
                    whom=whom.name if whom else Term(_("nobody")), at=need.asked_at),
                need.due_at,
                say(_("Call {name}"), name=whom.name) if whom and whom.phone else say(_("See it")),
                f"tel:{whom.phone}" if whom and whom.phone else f"{room}#region-needs",
            )  # fmt: skip
    late = [clock for clock in standing.clocks if clock.due_at is not None and clock.due_at < now]
    for due_at in sorted({clock.due_at for clock in late if clock.due_at is not None}):
        names = ", ".join(str(Audience(clock.audience).label) for clock in late if clock.due_at == due_at)
        yield LateThing(
            say(_("Not told in time: {who}."), who=names),
            say(_("{reference}, promised for {at}."), reference=incident.reference, at=due_at),
            due_at,
            say(_("Post update")),
            reverse("update", args=[incident.pk]),
        )
    for one in standing.decisions:
        if one.decided_at is None and one.look_again_at is not None and one.look_again_at < now:
            yield LateThing(
                say("{question}", question=one.question),
                say(_("{reference}, to be looked at again {at}."), reference=incident.reference, at=one.look_again_at),
                one.look_again_at,
                say(_("Compare")),
                reverse("decision_compare", args=[incident.pk, one.pk]),
            )
