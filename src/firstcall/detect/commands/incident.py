"""Which incident a group of alerts belongs to, and whether that incident still holds it."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.models.group import AlertGroup


def join_incident(*, group: AlertGroup, incident: int) -> None:
    """Note the incident's plain number on the group. Told on the incident's timeline by whoever opened or joined it."""
    AlertGroup.objects.filter(pk=group.pk).update(incident=incident, let_go_at=None)
    group.incident, group.let_go_at = incident, None


def let_go(*, incident: int, now: dt.datetime) -> None:
    """The incident is over: what is new in its open groups is judged anew from now on. In the caller's transaction."""
    AlertGroup.objects.filter(incident=incident, closed_at=None, let_go_at=None).update(let_go_at=now)


def take_back(*, incident: int) -> None:
    """The incident is open again and holds its groups as before. In the caller's transaction."""
    AlertGroup.objects.filter(incident=incident, let_go_at__isnull=False).update(let_go_at=None)
