"""How the providers are, as far as they say so themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from firstcall.detect.events import PROVIDER_SAID
from firstcall.detect.models.provider_status import ProviderEntry, ProviderState, ProviderStatus
from firstcall.detect.rules.provider_status import DEGRADED, DOWN, GRAVITY, UNKNOWN, WELL, shown_state
from firstcall.journal.models.entry import Entry
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.ripple import the_net

MOST_ENTRIES = 5
MOST_LINES = 10
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProviderStanding:
    """What may be said of it now: `state` is 'unknown' when its last answer is too old. `status` None: never asked."""

    provider: Provider
    status: ProviderStatus | None
    state: str
    why: Say

    @property
    def label(self) -> str:
        return str(ProviderState(self.state).label)

    @property
    def since(self) -> dt.datetime | None:
        """Since when it is so; of an answer that is too old, since that answer."""
        if self.status is None:
            return None
        return self.status.read_at if self.state != self.status.state else self.status.since


@dataclass(frozen=True, slots=True)
class Said:
    """That a provider said it was otherwise than before, in the words of then."""

    name: str
    said: str
    why: str
    at: dt.datetime


def said_lately(*, now: dt.datetime) -> list[Said]:
    """What the digest tells of providers: each change of the last day, the last first, ten at most. One statement."""
    told = Entry.objects.filter(kind=PROVIDER_SAID.name, incident__isnull=True)
    rows = told.filter(at__gt=now - A_DAY, at__lte=now).select_related("facts")
    return [
        Said(row.facts.data.get("name", ""), row.facts.data.get("said", ""), row.facts.data.get("why", ""), row.at)
        for row in rows.order_by("-at", "-id")[:MOST_LINES]
    ]


def watched() -> frozenset[int]:
    """Providers whose status page has been read at the address they have now. One statement."""
    rows = ProviderStatus.objects.filter(read_at__isnull=False, asked_url=F("provider__status_url"))
    return frozenset(rows.exclude(asked_url="").values_list("provider", flat=True))


def providers_due(*, now: dt.datetime, at_most: int) -> list[Provider]:
    """Those to ask now, the longest waiting first. One statement."""
    due = Q(status=None) | Q(status__next_at__lte=now) | ~Q(status__asked_url=F("status_url"))
    rows = Provider.objects.exclude(status_url="").filter(due)
    return list(rows.order_by(F("status__next_at").asc(nulls_first=True), "pk")[:at_most])


def provider_standings(*, now: dt.datetime, only: Iterable[int] | None = None) -> dict[int, ProviderStanding]:
    """By provider's number: all that have an address, or of `only` these. One statement."""
    rows = Provider.objects.exclude(status_url="").select_related("status")
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return {row.pk: _standing(row, now=now) for row in rows}


def _standing(provider: Provider, *, now: dt.datetime) -> ProviderStanding:
    status: ProviderStatus | None = getattr(provider, "status", None)
    if status is None or status.asked_url != provider.status_url or status.asked_at is None:
        return ProviderStanding(provider, None, UNKNOWN, say(_("It has not been asked yet.")))
    state = shown_state(status.state, read_at=status.read_at, now=now)
    if status.read_at is None:
        return ProviderStanding(provider, status, UNKNOWN, say(_("It has never answered in a way we can read.")))
    if state != status.state:
        why = say(_("Its last answer is too old: it said {said}."), said=str(ProviderState(status.state).label))
        return ProviderStanding(provider, status, state, why)
    return ProviderStanding(provider, status, state, Say(status.why["text"], status.why["facts"]))


def told_by(status: ProviderStatus) -> list[ProviderEntry]:
    """What it told last, what is still open first. One statement."""
    return list(status.entries.order_by("-open", F("at").desc(nulls_last=True), "-id")[:MOST_ENTRIES])


def flows_needing(providers: Iterable[int]) -> dict[int, frozenset[int]]:
    """Each provider's number, and those of the flows that need it at any depth. Two statements at most."""
    net = the_net()
    return {
        number: frozenset(hit.node[1] for hit in net.ripple(("provider", number)) if hit.node[0] == "flow")
        for number in providers
    }


def unwell_under(flow: Flow, *, now: dt.datetime) -> list[ProviderStanding]:
    """Providers this flow needs, at any depth, that are degraded or down; the worst first. Three statements at most."""
    sick = {key: one for key, one in provider_standings(now=now).items() if one.state in (DEGRADED, DOWN)}
    needing = flows_needing(sick) if sick else {}
    return _worst_first(one for number, one in sick.items() if flow.pk in needing[number])


def unwell_for_critical(*, now: dt.datetime) -> list[ProviderStanding]:
    """Providers a critical flow needs that are not well, the worst first. Four statements at most.

    One that was never understood is not among them: that is a hole in readiness, not news.
    """
    standings = provider_standings(now=now).items()
    sick = {key: one for key, one in standings if one.state != WELL and one.status and one.status.read_at is not None}
    if not sick:
        return []
    critical = set(Flow.objects.filter(criticality=Criticality.CRITICAL).values_list("pk", flat=True))
    needing = flows_needing(sick)
    return _worst_first(one for number, one in sick.items() if needing[number] & critical)


def _worst_first(standings: Iterable[ProviderStanding]) -> list[ProviderStanding]:
    return sorted(standings, key=lambda one: (-GRAVITY[one.state], one.provider.name))
