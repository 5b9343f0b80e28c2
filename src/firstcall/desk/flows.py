"""Every flow and how it is, as far as it is known: green only for what is known to be well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.models.source import Source, SourceKind
from firstcall.detect.queries.map import in_peak
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.respond.models.incident import Incident, State

HEARD = dt.timedelta(days=7)  # a source that said nothing for longer proves nothing


@dataclass(frozen=True, slots=True)
class FlowStanding:
    """`state` failing, hurt, watched, well or unknown; `known` says why."""

    flow: Flow
    state: str
    known: Say
    incident: Incident | None
    in_peak: bool


def flow_standings(open_: Sequence[Incident], *, viewer: User, now: dt.datetime) -> list[FlowStanding]:
    """All flows, the most critical first. `open_` are the open incidents `viewer` may see. Four statements.

    Of a flow whose alerts belong to an incident `viewer` may not see nothing is said, least of all that it is well.
    """
    by_flow: dict[int, Incident] = {}
    for incident in open_:
        if incident.flow_id is not None and not incident.practice:
            by_flow.setdefault(incident.flow_id, incident)
    seen = visible(Incident.objects.all(), viewer=viewer).values("pk")
    hidden = set(Incident.objects.filter(restricted=True).exclude(pk__in=seen).values_list("pk", flat=True))
    firing = {
        group.flow_id: group
        for group in AlertGroup.objects.filter(closed_at=None, flow__isnull=False, verdict=Verdict.PAGE)
    }
    silenced = {number for number, group in firing.items() if group.incident in hidden}
    last = (
        Source.objects.filter(ended_at=None, last_heard_at__gt=now - HEARD)
        .exclude(kind=SourceKind.DEPLOY)
        .order_by("-last_heard_at")
        .values_list("last_heard_at", flat=True)
        .first()
    )
    zone = settings.ENV["FIRSTCALL_ZONE"]
    return [
        _said_nothing(flow)
        if flow.pk in silenced and flow.pk not in by_flow
        else _standing(flow, by_flow.get(flow.pk), firing.get(flow.pk), last, peak=in_peak(flow, now=now, zone=zone))
        for flow in flows_by_criticality()
    ]


def _said_nothing(flow: Flow) -> FlowStanding:
    return FlowStanding(flow, "unknown", say(_("Nothing can be said about it now.")), None, False)


def _standing(
    flow: Flow, incident: Incident | None, group: AlertGroup | None, last: dt.datetime | None, *, peak: bool
) -> FlowStanding:
    if incident is not None:
        since = incident.impact_started_at
        known = say(_("{title}."), title=incident.title.rstrip("."))
        if since is not None:
            known = say(_("{title}, since {since}."), title=incident.title.rstrip("."), since=since)
        if incident.state == State.MONITORING:
            return FlowStanding(flow, "watched", known, incident, peak)
        return FlowStanding(flow, "failing" if incident.severity <= 2 else "hurt", known, incident, peak)
    if group is not None:
        return FlowStanding(flow, "hurt", say(_("{title} fires."), title=group.title), None, peak)
    if last is None:
        return FlowStanding(flow, "unknown", say(_("No source of alerts has spoken lately.")), None, peak)
    return FlowStanding(flow, "well", say(_("No alert fires. Last heard {at}."), at=last), None, peak)
