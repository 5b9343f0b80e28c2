"""Which flows an alert would tell of, and when their sources last spoke."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Subquery

from firstcall.detect.models.alert import Alert
from firstcall.detect.models.source import Source, SourceKind
from firstcall.detect.rules.watched import Named, Voice, heard_flows, heard_parts
from firstcall.ready.models.component import Component
from firstcall.ready.queries.ripple import the_net

NEWEST = Alert.objects.filter(component=OuterRef("pk"), source__ended_at=None).order_by("-pk").values("pk")[:1]


def watched_flows(*, now: dt.datetime) -> dict[int, dt.datetime]:
    """By the flow's id: when a living source that tells of a part of it last spoke. Four statements at most.

    The one answer to 'is it watched?', for Now and for readiness. The same for everybody: no alert is shown by it.
    """
    sources = Source.objects.filter(ended_at=None).exclude(kind=SourceKind.DEPLOY)
    voices = [Voice(*row) for row in sources.values_list("pk", "component", "last_heard_at")]
    newest = Component.objects.annotate(newest=Subquery(NEWEST)).filter(newest__isnull=False).values("newest")
    rows = Alert.objects.filter(pk__in=newest).values_list("component", "source", "first_at", "ended_at")
    named = [Named(part or 0, source, first_at, ended_at is None) for part, source, first_at, ended_at in rows]
    return heard_flows(heard_parts(voices, named, now=now), the_net())
