"""Which incident a group of alerts belongs to."""

from __future__ import annotations

from firstcall.detect.models.group import AlertGroup


def join_incident(*, group: AlertGroup, incident: int) -> None:
    """Note the incident's plain number on the group. Told on the incident's timeline by whoever opened or joined it."""
    AlertGroup.objects.filter(pk=group.pk).update(incident=incident)
    group.incident = incident
