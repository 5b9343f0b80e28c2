"""Every flow and how it is, as far as it is known: green only for what is known to be well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.queries.map import in_peak
from firstcall.detect.queries.watched import watched_flows
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.respond.models.incident import Incident, State


@dataclass(frozen=True, slots=True)
class Mend:
    """What makes it known: a verb, and the page where it is done."""

    verb: Say
    target: str


@dataclass(frozen=True, slots=True)
class FlowStanding:
    """`state` failing, hurt, watched (its incident is), well, unwatched (no alert would tell) or unknown; `known` says
    why, `mend` what would help."""

    flow: Flow
    state: str
    known: Say
    incident: Incident | None
    in_peak: bool
    mend: Mend | None = None


def flow_standings(open_: Sequence[Incident], *, viewer: User, now: dt.datetime) -> list[FlowStanding]:
    """All flows, the most critical first. `open_` are the open incidents `viewer` may see. Seven statements.

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
    heard = watched_flows(now=now)
    zone = settings.ENV["FIRSTCALL_ZONE"]
    found = []
    for flow in flows_by_criticality().annotate(drawn=Exists(Dependency.objects.filter(flow=OuterRef("pk")))):
        peak = in_peak(flow, now=now, zone=zone)
        incident_of, group = by_flow.get(flow.pk), firing.get(flow.pk)
        if incident_of is not None:
            found.append(_broken(flow, incident_of, peak=peak))
        elif flow.pk in silenced:
            found.append(FlowStanding(flow, "unknown", say(_("Nothing can be said about it now.")), None, False))
        elif group is not None:
            found.append(FlowStanding(flow, "hurt", _fires(group), None, peak))
        elif flow.pk in heard:
            known = say(_("No alert fires. Last heard {at}."), at=heard[flow.pk])
            found.append(FlowStanding(flow, "well", known, None, peak))
        else:
            found.append(_unwatched(flow, drawn=flow.drawn, peak=peak))
    return found


def _broken(flow: Flow, incident: Incident, *, peak: bool) -> FlowStanding:
    since = incident.impact_started_at
    known = say(_("{title}."), title=incident.title.rstrip("."))
    if since is not None:
        known = say(_("{title}, since {since}."), title=incident.title.rstrip("."), since=since)
    if incident.state == State.MONITORING:
        return FlowStanding(flow, "watched", known, incident, peak)
    return FlowStanding(flow, "failing" if incident.severity <= 2 else "hurt", known, incident, peak)


def _fires(group: AlertGroup) -> Say:
    if group.let_go_at is None:
        return say(_("{title} fires."), title=group.title)
    words = _("{title} fires, though it was said to be over at {at}. If it does not stop, the incident opens again.")
    return say(words, title=group.title, at=group.let_go_at)


def _unwatched(flow: Flow, *, drawn: bool, peak: bool) -> FlowStanding:
    """No living source tells of a part of it: that nothing fires says nothing."""
    if drawn:
        known = say(_("No alert would tell us."))
        mend = Mend(say(_("Connect an alert")), reverse("sources"))
    else:
        known = say(_("No alert could tell us: the map does not say what it needs."))
        mend = Mend(say(_("Say what it needs")), reverse("flow", args=[flow.slug]))
    return FlowStanding(flow, "unwatched", known, None, peak, mend)
