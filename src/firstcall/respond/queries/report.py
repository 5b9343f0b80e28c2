"""What people said of an incident: the reports that joined it, and those of its flow that wait."""

from __future__ import annotations

from django.db.models import Q

from firstcall.detect.models.report import Report
from firstcall.detect.queries.report import reports_about, reports_of_incident
from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident


def said_of(incident: Incident) -> Q:
    """Which reports tell of it. Of practice only what was reported in it: nobody real has called about that."""
    flow = None if incident.practice else incident.flow_id
    return reports_about(incident.pk, flow=flow, since=incident.opened_at, until=incident.resolved_at)


def reports_of(incident: Incident, *, viewer: User) -> list[Report]:
    """What people reported of it as far as `viewer` may know, newest first. One statement."""
    return reports_of_incident(incident.pk, viewer=viewer, about=said_of(incident))


def has_called(incident: Incident) -> bool:
    """Whether anybody has. One statement."""
    return Report.objects.filter(said_of(incident)).exists()
