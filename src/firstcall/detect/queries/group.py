"""Groups of alerts, as screens and other phases read them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, QuerySet, Value, When

from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.queries.seal import unsealed
from firstcall.detect.rules.picture import DAYS, History, history
from firstcall.people.models.user import User

LATELY = dt.timedelta(days=7)
GRAVEST = Case(
    *(When(verdict=verdict, then=Value(rank)) for rank, verdict in enumerate(Verdict)),
    output_field=IntegerField(),
)


def groups_of_incident(incident: int, *, viewer: User) -> list[AlertGroup]:
    """The groups that belong to an incident, oldest first; none for who may not see the incident. Three statements."""
    return list(
        seen_groups(viewer=viewer).filter(incident=incident).prefetch_related("alerts__source").order_by("opened_at")
    )


def firing_of_incident(incident: int) -> list[str]:
    """The titles of what fires of an incident's groups that paged, each once, the first first. One statement.

    For whoever may see the incident; a title stands once, however many alerts have it.
    """
    rows = firing().filter(group__incident=incident)
    return list(dict.fromkeys(rows.order_by("first_at", "pk").values_list("title", flat=True)))


def firing() -> QuerySet[Alert]:
    """What fires of groups that paged, of any incident: for a query that has checked who may see it."""
    return Alert.objects.filter(
        group__closed_at=None, group__verdict=Verdict.PAGE, ended_at=None, verdict__in=(Verdict.PAGE, Verdict.JOIN)
    )


def seen_groups(*, viewer: User) -> QuerySet[AlertGroup]:
    """All groups but those of incidents that are hidden from `viewer`."""
    return unsealed(AlertGroup.objects.select_related("component", "flow"), viewer=viewer)


def open_groups(*, viewer: User) -> QuerySet[AlertGroup]:
    """What fires now, what paged first; what was dropped is left out."""
    rows = seen_groups(viewer=viewer).filter(closed_at__isnull=True).exclude(verdict=Verdict.DROP)
    return rows.order_by(GRAVEST, "-last_at")


def over_lately(*, viewer: User, now: dt.datetime) -> QuerySet[AlertGroup]:
    """What paged and has been over for up to seven days, the latest first."""
    rows = seen_groups(viewer=viewer).filter(closed_at__gt=now - LATELY, verdict=Verdict.PAGE)
    return rows.order_by("-closed_at")


def dropped_lately(*, viewer: User, now: dt.datetime) -> int:
    """How many groups were dropped in the last seven days. One statement."""
    return seen_groups(viewer=viewer).filter(verdict=Verdict.DROP, last_at__gt=now - LATELY).count()


def waiting_digest(*, viewer: User) -> QuerySet[AlertGroup]:
    """Groups that wait for the morning and that nobody has answered yet, oldest first."""
    return seen_groups(viewer=viewer).filter(verdict=Verdict.DIGEST, answer="").order_by("opened_at")


def group_numbered(number: int, *, viewer: User) -> AlertGroup | None:
    """One group, or None. One statement."""
    return seen_groups(viewer=viewer).filter(pk=number).first()


def history_of(group: AlertGroup, *, viewer: User, now: dt.datetime, zone: dt.tzinfo | ZoneInfo) -> History:
    """How often the rules of this group fired, day by day of `zone`, as far as `viewer` may know. One statement."""
    rules = Alert.objects.filter(group=group).values("rule")
    rows = Alert.objects.filter(rule__in=rules, first_at__gt=now - dt.timedelta(days=DAYS))
    rows = unsealed(rows, viewer=viewer, field="group__incident")
    days = ((at.astimezone(zone).date(), verdict) for at, verdict in rows.values_list("first_at", "verdict"))
    return history(days, today=now.astimezone(zone).date())
