"""Sources, their keys, and how they have been heard."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Max

from firstcall.detect.models.inbox import Inbox
from firstcall.detect.models.source import Source, SourceKey

KEPT = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Heard:
    """A source with its living keys; `unreadable` of the last seven days, and why the last of them was."""

    source: Source
    keys: list[SourceKey] = field(default_factory=list)
    unreadable: int = 0
    why: str = ""


def sources_heard(*, now: dt.datetime) -> list[Heard]:
    """Every living source by name. Four statements."""
    sources = list(Source.objects.filter(ended_at__isnull=True).select_related("component"))
    keys: dict[int, list[SourceKey]] = {}
    for key in SourceKey.objects.filter(source__in=sources, ended_at__isnull=True).order_by("id"):
        keys.setdefault(key.source_id, []).append(key)
    wrong = Inbox.objects.filter(source__in=sources, received_at__gt=now - KEPT).exclude(unreadable="")
    counts = {row["source"]: row for row in wrong.values("source").annotate(many=Count("id"), last=Max("id"))}
    why = dict(
        Inbox.objects.filter(pk__in=[row["last"] for row in counts.values()]).values_list("source", "unreadable")
    )
    return [
        Heard(one, keys.get(one.pk, []), counts[one.pk]["many"] if one.pk in counts else 0, why.get(one.pk, ""))
        for one in sources
    ]
