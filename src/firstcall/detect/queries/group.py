"""Groups of alerts, as screens and other phases read them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, QuerySet, Value, When

from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.rules.picture import DAYS, History, history

LATELY = dt.timedelta(days=7)
GRAVEST = Case(
    *(When(verdict=verdict, then=Value(rank)) for rank, verdict in enumerate(Verdict)),
    output_field=IntegerField(),
)


def groups_of_incident(incident: int) -> list[AlertGroup]:
    """The groups that belong to an incident, oldest first. The caller has checked who may see the incident."""
    return list(
        AlertGroup.objects.filter(incident=incident)
        .select_related("component", "flow")
        .prefetch_related("alerts__source")
        .order_by("opened_at")
    )


def open_groups() -> QuerySet[AlertGroup]:
    """What fires now, what paged first; what was dropped is left out."""
    rows = AlertGroup.objects.filter(closed_at__isnull=True).exclude(verdict=Verdict.DROP)
    return rows.select_related("component", "flow").order_by(GRAVEST, "-last_at")


def over_lately(*, now: dt.datetime) -> QuerySet[AlertGroup]:
    """What paged and has been over for up to seven days, the latest first."""
    rows = AlertGroup.objects.filter(closed_at__gt=now - LATELY, verdict=Verdict.PAGE)
    return rows.select_related("component", "flow").order_by("-closed_at")


def dropped_lately(*, now: dt.datetime) -> int:
    """How many groups were dropped in the last seven days. One statement."""
    return AlertGroup.objects.filter(verdict=Verdict.DROP, last_at__gt=now - LATELY).count()


def waiting_digest() -> QuerySet[AlertGroup]:
    """Groups that wait for the morning and that nobody has answered yet, oldest first."""
    return (
        AlertGroup.objects.filter(verdict=Verdict.DIGEST, answer="")
        .select_related("component", "flow")
        .order_by("opened_at")
    )


def group_numbered(number: int) -> AlertGroup | None:
    """One group, or None. One statement."""
    return AlertGroup.objects.select_related("component", "flow").filter(pk=number).first()


def history_of(group: AlertGroup, *, now: dt.datetime, zone: dt.tzinfo | ZoneInfo) -> History:
    """How often the rules of this group fired, day by day of `zone`. One statement."""
    rules = Alert.objects.filter(group=group).values("rule")
    rows = Alert.objects.filter(rule__in=rules, first_at__gt=now - dt.timedelta(days=DAYS))
    days = ((at.astimezone(zone).date(), verdict) for at, verdict in rows.values_list("first_at", "verdict"))
    return history(days, today=now.astimezone(zone).date())
