"""What learning reads of an incident: its timeline as rows, its harm, its score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from firstcall.inform.models.update import Audience
from firstcall.inform.queries.reach import people_for
from firstcall.journal.kinds import present
from firstcall.journal.models.entry import Entry
from firstcall.learn.rules.cost import Cost, Harm, cost_of, hours_of
from firstcall.learn.rules.draft import Row, Story
from firstcall.learn.rules.scorecard import Event, Score, scorecard
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.rules.cost import Hour, hour_of
from firstcall.respond.events import RESOLVED, STATE_CHANGED
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.queries.entry import entries_of
from firstcall.respond.queries.hit import hit_or_using
from firstcall.respond.rules.impact import Span, minutes_of, within

MOVES = (STATE_CHANGED.name, RESOLVED.name)


def rows_of(incident: Incident, *, zone: dt.tzinfo) -> list[Row]:
    """The timeline, oldest first, as sentences. One statement. The caller has checked who may see it."""
    return [
        Row(
            f"{entry.at.astimezone(zone):%H:%M}",
            _told(entry),
            entry.kind,
        )
        for entry in entries_of(incident).order_by("at", "id")
    ]


def _told(entry: Entry) -> str:
    """The sentence; for a move of the state with its reason, which is where the room notes what it was."""
    sentence = present(entry.kind, by=entry.by_name, facts=entry.facts.data)
    reason = entry.facts.data.get("reason", "") if entry.kind in MOVES else ""
    return f"{sentence} ({reason})" if reason else sentence


def story_of(incident: Incident, *, zone: dt.tzinfo, now: dt.datetime) -> Story:
    """The facts of a postmortem's first draft."""
    return Story(
        title=incident.title,
        flow=incident.flow.name if incident.flow else "",
        began=f"{incident.began.astimezone(zone):%H:%M %Z}",
        minutes=minutes_of(incident.impact(now=now)),
        symptom=incident.symptom,
        cause=str(incident.get_cause_display()) if incident.cause else "",
        rows=rows_of(incident, zone=zone),
    )


def harm_of(incident: Incident, *, now: dt.datetime) -> Harm:
    """Minutes of impact, the flow's figures, the hours of those who held a role, the contracts hit. Two statements."""
    harm = harm_from(incident, RoleHolding.objects.filter(incident=incident), now=now)
    return replace(harm, contracts=hit_or_using(incident).filter(contract=True).count())


def harm_from(incident: Incident, holdings: Iterable[RoleHolding], *, now: dt.datetime) -> Harm:
    """The same from holdings read before. Somebody with two roles at once spent the hour once."""
    impact, work = incident.impact(now=now), incident.worked_on(now=now)
    spans: dict[int, list[Span]] = {}
    for holding in holdings:
        spans.setdefault(holding.user_id, []).extend(within(holding.since, holding.until or now, work))
    return Harm(
        severity=incident.severity,
        minutes=minutes_of(impact),
        hour=_hour_of(incident, impact),
        users_per_hour=incident.flow.users_per_hour if incident.flow else None,
        person_hours=sum(hours_of(some) for some in spans.values()),
        dated=incident.impact_started_at is not None,
        came_back=len(impact) > 1,
    )


def _hour_of(incident: Incident, impact: Sequence[Span]) -> Hour:
    if incident.flow is None:
        return hour_of(None, None)
    return incident.flow.hour_during(impact) if impact else incident.flow.hour_at(incident.began)


def cost_of_incident(incident: Incident, *, now: dt.datetime) -> Cost:
    """What it cost so far, as a range with its assumptions."""
    return cost_of(harm_of(incident, now=now))


def score_of(incident: Incident, *, now: dt.datetime) -> list[Score]:
    """M1 to M6 from the timeline. Five statements at most."""
    events = [
        Event(entry.kind, entry.at, str(entry.facts.data.get("audience", "")), entry.facts.data)
        for entry in entries_of(incident).order_by("at", "id")
    ]
    return scorecard(
        events, opened_at=incident.opened_at, work=incident.worked_on(now=now),
        first_inside=rule_of(incident.severity).first_inside, support=_had_support(incident),
    )  # fmt: skip


def _had_support(incident: Incident) -> bool:
    """Whether anybody is or was there to be told as support."""
    liaisons = RoleHolding.objects.filter(incident=incident, role=Role.SUPPORT_LIAISON)
    return bool(people_for(Audience.SUPPORT, incident)) or liaisons.exists()
