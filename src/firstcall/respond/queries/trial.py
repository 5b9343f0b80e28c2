"""Test pages: the one behind a link, and when each person last answered one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max

from firstcall.kernel.ids import digest
from firstcall.people.models.user import User
from firstcall.respond.models.trial import Trial

LIVES = dt.timedelta(hours=24)


def trial_of_token(token: str, *, now: dt.datetime) -> Trial | None:
    """The test page behind this link for 24 hours, else None. One statement."""
    found = Trial.objects.filter(token_digest=digest(token), planned_at__gt=now - LIVES)
    return found.select_related("user").first()


def last_trials(user: User) -> list[Trial]:
    """The pages of the person's last test, one for each way. Two statements."""
    latest = Trial.objects.filter(user=user).aggregate(at=Max("planned_at"))["at"]
    return [] if latest is None else list(Trial.objects.filter(user=user, planned_at=latest).order_by("id"))


def answered_trials(users: Iterable[User]) -> dict[int, dt.datetime]:
    """When each person last answered a test page, by number; who never did is missing. One statement."""
    rows = Trial.objects.filter(user__in=list(users), answered_at__isnull=False).order_by()
    return dict(rows.values_list("user_id").annotate(at=Max("answered_at")))
