"""From signals to alerts and groups, a batch at a time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings

from firstcall.deliver.commands.job import plan_job
from firstcall.detect.events import ALERT_JOINED, GROUP_PAGED, GROUP_RECOVERED, GROUP_WAITS
from firstcall.detect.models.alert import Alert, AlertHour
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.models.source import Source
from firstcall.detect.queries.map import Map, in_peak
from firstcall.detect.rules.signal import Signal, component_hints
from firstcall.detect.rules.verdict import Decided, Threat, decide
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

Identity = tuple[int, str]
GRAVEST = {Verdict.PAGE: 0, Verdict.JOIN: 1, Verdict.DIGEST: 2, Verdict.DROP: 3}


class Folder:
    """Takes signals in order, then writes once. Used inside one transaction, by one worker at a time."""

    def __init__(self, *, now: dt.datetime) -> None:
        self.now = now
        self._map: Map | None = None
        self._sources: dict[int, Source] = {}
        self._taken: list[tuple[Source, Signal, dt.datetime]] = []
        self._open: dict[Identity, Alert] = {}
        self._repeated: dict[int, Alert] = {}
        self._groups: dict[int, AlertGroup] = {}
        self._touched: Counter[int] = Counter()
        self._maybe_over: set[int] = set()
        self._hours: Counter[tuple[str, dt.datetime, str]] = Counter()

    @property
    def map(self) -> Map:
        """Read only when something new fires."""
        if self._map is None:
            self._map = Map()
        return self._map

    def source(self, number: int) -> Source:
        """A source, read once a batch."""
        if number not in self._sources:
            self._sources[number] = Source.objects.select_related("component").get(pk=number)
        return self._sources[number]

    def take(self, source: Source, signals: Iterable[Signal], *, received_at: dt.datetime) -> None:
        """Add signals in the order in which they came."""
        self._taken += [(source, signal, received_at) for signal in signals]

    def write(self) -> None:
        """Fold all that was taken into rows, journal entries and jobs."""
        self._load()
        for source, signal, at in self._taken:
            self._fold(source, signal, at)
        Alert.objects.bulk_update(self._repeated.values(), ["count", "last_at", "ended_at"], batch_size=200)
        for number, count in self._touched.items():
            group = self._group(number)
            group.count += count
            group.last_at = self.now
            group.save(update_fields=["count", "last_at"])
        self._close_recovered()
        self._count_hours()
        Source.objects.filter(pk__in=self._sources).update(last_heard_at=self.now)

    def _load(self) -> None:
        keys: dict[int, set[str]] = {}
        for source, signal, _ in self._taken:
            keys.setdefault(source.pk, set()).add(signal.dedup_key)
        for source_id, wanted in keys.items():
            names = sorted(wanted)
            for start in range(0, len(names), 500):
                rows = Alert.objects.filter(
                    source=source_id, dedup_key__in=names[start : start + 500], ended_at__isnull=True
                )
                self._open |= {(source_id, alert.dedup_key): alert for alert in rows}

    def _fold(self, source: Source, signal: Signal, at: dt.datetime) -> None:
        identity = (source.pk, signal.dedup_key)
        alert = self._open.get(identity)
        if alert is None:
            if signal.firing:
                self._open[identity] = self._new(source, signal, at)
            return
        if signal.firing:
            alert.count += 1
            alert.last_at = max(alert.last_at, at)
            self._touched[alert.group_id] += 1
            self._hours[(alert.title, _hour(at), alert.verdict)] += 1
        else:
            alert.ended_at = max(at, alert.first_at)
            del self._open[identity]
            self._maybe_over.add(alert.group_id)
        self._repeated[alert.pk] = alert

    def _new(self, source: Source, signal: Signal, at: dt.datetime) -> Alert:
        component = self.map.component(component_hints(signal)) or source.component
        flow = self.map.flow_of(component) if component else None
        sick = self._sick_group(component)
        decided = decide(self._threat(source, signal, component, flow, sick))
        group = self._group_for(source, signal, component, flow, sick, decided)
        alert = Alert.objects.create(
            source=source, dedup_key=signal.dedup_key, group=group, title=signal.title, severity=signal.severity,
            labels=dict(signal.labels), annotations=dict(signal.annotations), url=signal.url, component=component,
            started_at=signal.started_at or at, first_at=at, last_at=at, verdict=decided.verdict,
            reason=decided.reason, steps=list(decided.steps), raw=signal.raw,
        )  # fmt: skip
        self._touched[group.pk] += 1
        self._hours[(alert.title, _hour(at), alert.verdict)] += 1
        self._tell(group, alert, decided)
        return alert

    def _threat(
        self, source: Source, signal: Signal, component: Component | None, flow: Flow | None, sick: AlertGroup | None
    ) -> Threat:
        peak = flow is not None and in_peak(flow, now=self.now, zone=settings.ENV["FIRSTCALL_ZONE"])
        return Threat(
            severity=signal.severity,
            component=component.name if component else "",
            flow=flow.name if flow else "",
            criticality=flow.criticality if flow else "",
            in_peak=peak,
            open_group=sick is not None,
            open_title=sick.title if sick else "",
            unreadable=bool(signal.raw),
            source=source.name,
        )

    def _sick_group(self, component: Component | None) -> AlertGroup | None:
        """An open group that paged for this part, or for a part that it hangs on or that hangs on it."""
        if component is None:
            return None
        groups = AlertGroup.objects.filter(
            closed_at__isnull=True, verdict=Verdict.PAGE, component__isnull=False
        ).select_related("component")
        for group in groups:
            assert group.component is not None
            if component.pk in self.map.kin(group.component) or group.component.pk in self.map.kin(component):
                return self._groups.setdefault(group.pk, group)
        return None

    def _group_for(
        self,
        source: Source,
        signal: Signal,
        component: Component | None,
        flow: Flow | None,
        sick: AlertGroup | None,
        decided: Decided,
    ) -> AlertGroup:
        if decided.verdict == "join" and sick is not None:
            return sick
        key = f"component:{component.pk}" if component else f"source:{source.pk}:{signal.title}"[:200]
        if signal.raw:
            key = f"unreadable:{source.pk}"
        group = AlertGroup.objects.filter(key=key, closed_at__isnull=True).first()
        if group is None:
            group = AlertGroup.objects.create(
                key=key, title=signal.title, component=component, flow=flow, verdict=decided.verdict,
                reason=decided.reason, opened_at=self.now, last_at=self.now,
            )  # fmt: skip
        elif GRAVEST[Verdict(decided.verdict)] < GRAVEST[Verdict(group.verdict)]:
            group.verdict, group.reason, group.title = decided.verdict, decided.reason, signal.title
            group.save(update_fields=["verdict", "reason", "title"])
        return self._groups.setdefault(group.pk, group)

    def _tell(self, group: AlertGroup, alert: Alert, decided: Decided) -> None:
        kind = {"page": GROUP_PAGED, "join": ALERT_JOINED, "digest": GROUP_WAITS}[decided.verdict]
        record(
            kind, by=MACHINE, now=self.now, subject=f"group:{group.pk}", incident=group.incident,
            title=alert.title, reason=decided.reason,
        )  # fmt: skip
        if decided.verdict == "page":
            plan_job(
                "reactions.group_paged",
                key=f"group:{group.pk}:paged",
                now=self.now,
                payload={"group": group.pk},
                subject=f"group:{group.pk}",
                rank=0,
            )

    def _group(self, number: int) -> AlertGroup:
        if number not in self._groups:
            self._groups[number] = AlertGroup.objects.get(pk=number)
        return self._groups[number]

    def _close_recovered(self) -> None:
        for number in sorted(self._maybe_over):
            if Alert.objects.filter(group=number, ended_at__isnull=True).exists():
                continue
            group = self._group(number)
            group.closed_at = self.now
            group.save(update_fields=["closed_at"])
            if group.verdict != Verdict.PAGE:
                continue
            record(
                GROUP_RECOVERED, by=MACHINE, now=self.now, subject=f"group:{group.pk}", incident=group.incident,
                title=group.title,
            )  # fmt: skip
            plan_job(
                "reactions.group_recovered",
                key=f"group:{group.pk}:recovered",
                now=self.now,
                payload={"group": group.pk},
                subject=f"group:{group.pk}",
            )

    def _count_hours(self) -> None:
        if not self._hours:
            return
        wanted = {rule for rule, _, _ in self._hours}
        hours = {hour for _, hour, _ in self._hours}
        rows = AlertHour.objects.filter(rule__in=wanted, hour__in=hours)
        known = {(row.rule, row.hour, row.verdict): row for row in rows}
        fresh = []
        for key, count in self._hours.items():
            row = known.get(key)
            if row is None:
                fresh.append(AlertHour(rule=key[0], hour=key[1], verdict=key[2], count=count))
            else:
                row.count += count
        AlertHour.objects.bulk_update([known[key] for key in self._hours if key in known], ["count"], batch_size=200)
        AlertHour.objects.bulk_create(fresh)


def _hour(at: dt.datetime) -> dt.datetime:
    return at.replace(minute=0, second=0, microsecond=0)
