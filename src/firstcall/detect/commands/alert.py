"""From runs of signals to alerts and groups, a batch at a time.

A storm must not hold up anybody else's write, so the batch is reckoned in memory and written in few statements:
repeats are sums, new rows go in together, and the journal hears once of what happened to a group.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef

from firstcall.detect.commands.group import close_quiet, tell
from firstcall.detect.models.alert import Alert, Heard
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.models.source import Source
from firstcall.detect.queries.alert import Known, Open, Tally, tally
from firstcall.detect.queries.among import among
from firstcall.detect.queries.map import Map, peak_now
from firstcall.detect.rules.repeat import Run
from firstcall.detect.rules.signal import Signal, component_hints
from firstcall.detect.rules.verdict import Decided, Threat, decide
from firstcall.journal.spoken import speak
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

CHUNK = 500
GRAVEST = {Verdict.PAGE: 0, Verdict.JOIN: 1, Verdict.DIGEST: 2, Verdict.DROP: 3}
FIRES = Exists(Alert.objects.filter(pk=OuterRef("alert_id"), ended_at__isnull=True))
# A line for each group and each hour of a rule: as many as a storm has kinds, and one statement for all of them.
HEAR_GROUP = "UPDATE detect_alertgroup SET count = count + %s, last_at = %s WHERE id = %s"
HEAR_HOUR = """
INSERT INTO detect_alerthour (rule, hour, verdict, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (rule, hour, verdict) DO UPDATE SET count = detect_alerthour.count + excluded.count
"""


class ChangedMeanwhile(Exception):
    """What was read before the transaction is no longer so: write nothing, read again."""


class AlertBatch:
    """Takes runs in order, then writes. Used once, inside one transaction.

    `known` was read before it began, and afterwards says what fires: it is worth nothing when the transaction fails.
    """

    def __init__(self, sources: Mapping[int, Source], known: Known, *, now: dt.datetime) -> None:
        self.now = now
        self.sources = sources
        self._map: Map | None = None
        self._open = known
        # By the second in which they were said, and how often: few statements write them.
        self._again: dict[tuple[dt.datetime, int], list[int]] = defaultdict(list)
        self._ended: dict[dt.datetime, list[int]] = defaultdict(list)
        self._latest: dict[dt.datetime, dt.datetime] = {}  # of each second
        self._new: list[Alert] = []
        self._made: list[Open] = []  # those, as they are known from now on
        self._groups: dict[str, AlertGroup] = {}  # open ones, by key
        self._told: dict[str, list[Alert]] = defaultdict(list)  # by the group's key
        self._changed: dict[int, AlertGroup] = {}
        self._heard: Counter[int] = Counter()
        self._maybe_quiet: set[int] = set()
        self._hours: Counter[tuple[str, dt.datetime, str]] = Counter()

    def fold(self, runs: Sequence[Run]) -> None:
        """Fold the runs into rows, journal entries and jobs. Raises ChangedMeanwhile."""
        fresh = [run for run in runs if run.signal.firing and run.identity not in self._open]
        if fresh:
            self._load_groups(fresh)
        for run in runs:
            self._take(run)
        self._write_repeats()
        self._write_alerts()
        self._write_groups()
        self._write_hours()

    def repeat(self, said: Iterable[tuple[Tally, int]], at: dt.datetime) -> None:
        """Count what stored alerts said again, and how often. May be called before the transaction."""
        second, hour = self._second(at), _hour(at)
        together: dict[int, list[Tally]] = defaultdict(list)
        for one, count in said:
            together[count].append(one)
        for count, some in together.items():
            self._again[second, count].extend(chain.from_iterable([one.alerts for one in some]))
            for group, times in Counter(chain.from_iterable([one.groups for one in some])).items():
                self._heard[group] += count * times
            for (rule, verdict), times in Counter(chain.from_iterable([one.rules for one in some])).items():
                self._hours[rule, hour, verdict] += count * times

    def _second(self, at: dt.datetime) -> dt.datetime:
        second = at.replace(microsecond=0)
        self._latest[second] = max(at, self._latest.get(second, at))
        return second

    @property
    def map(self) -> Map:
        """Read only when something new fires."""
        if self._map is None:
            self._map = Map()
        return self._map

    def _load_groups(self, fresh: Iterable[Run]) -> None:
        """Every open group that paged, and those whose key one of the new alerts has."""
        keys = {self._key(run.identity[0], run.signal, self._component(run)) for run in fresh}
        opened = AlertGroup.objects.filter(closed_at__isnull=True).select_related("component")
        for group in opened.filter(verdict=Verdict.PAGE):
            self._groups[group.key] = group
        others = opened.filter(among("key", keys - self._groups.keys()))
        self._groups |= {group.key: group for group in others}

    def _component(self, run: Run) -> Component | None:
        if run.signal.raw:
            return None  # nobody could read what it is about: it must not look smaller than it may be
        return self.map.component(component_hints(run.signal)) or self.sources[run.identity[0]].component

    @staticmethod
    def _key(source: int, signal: Signal, component: Component | None) -> str:
        if signal.raw:
            return f"unreadable:{source}"
        if signal.severity == "none":
            return f"dropped:{source}:{signal.rule}"[:200]
        return f"component:{component.pk}" if component else f"rule:{source}:{signal.rule}"[:200]

    def _take(self, run: Run) -> None:
        known = self._open.get(run.identity)
        if not run.signal.firing:
            if known is not None:
                del self._open[run.identity]
                self._end(known, run.first_at)
            return
        if known is None:
            known = self._open[run.identity] = self._make(run)
        elif known.alert is not None:
            known.alert.heard.count += run.count
            known.alert.heard.last_at = run.last_at
        else:
            self.repeat([(tally([known]), run.count)], run.last_at)
            return
        self._hours[known.rule, _hour(run.last_at), known.verdict] += run.count

    def _end(self, known: Open, at: dt.datetime) -> None:
        if known.alert is not None:
            known.alert.ended_at = max(at, known.alert.first_at)
        else:
            self._ended[self._second(at)].append(known.pk)
            self._maybe_quiet.add(known.group)

    def _make(self, run: Run) -> Open:
        source, signal, component = self.sources[run.identity[0]], run.signal, self._component(run)
        flow = self.map.flow_of(component) if component else None
        key = self._key(source.pk, signal, component)
        sick = self._sick(key, component)
        decided = decide(self._threat(source, signal, component, flow, sick, over=self._said_over(key)))
        if sick is not None and decided.verdict == "join":
            group = sick
        else:
            group = self._group(key, signal, component, flow, decided)
        alert = Alert(
            source=source, dedup_key=signal.dedup_key, group=group, rule=signal.rule, title=signal.title,
            severity=signal.severity, labels=dict(signal.labels), annotations=dict(signal.annotations), url=signal.url,
            component=component, started_at=signal.started_at or run.first_at, first_at=run.first_at,
            verdict=decided.verdict, reason=speak(decided.reason),
            steps=[speak(step) for step in decided.steps], raw=signal.raw,
        )  # fmt: skip
        alert.heard = Heard(alert=alert, count=run.count, last_at=run.last_at)
        self._new.append(alert)
        self._told[group.key].append(alert)
        self._made.append(Open(alert.rule, alert.verdict, alert=alert))
        return self._made[-1]

    def _threat(
        self, source: Source, signal: Signal, component: Component | None, flow: Flow | None, sick: AlertGroup | None,
        *, over: str,
    ) -> Threat:  # fmt: skip
        return Threat(
            source=source.name,
            severity=signal.severity,
            component=component.name if component else "",
            flow=flow.name if flow else "",
            criticality=flow.criticality if flow else "",
            peak=peak_now(flow, now=self.now, zone=settings.ENV["FIRSTCALL_ZONE"]) if flow is not None else None,
            sick=sick.title if sick else "",
            sick_part=sick.component.name if sick and sick.component else "",
            unreadable=bool(signal.raw),
            over=over,
        )

    def _said_over(self, key: str) -> str:
        """The title of the open group of this key whose incident is over, '' when there is none."""
        same = self._groups.get(key)
        return same.title if same is not None and same.let_go_at is not None else ""

    def _sick(self, key: str, component: Component | None) -> AlertGroup | None:
        """An open group that paged and whose incident is not over: of the same key, else of a part that fails together
        with this one."""
        same = self._groups.get(key)
        if same is not None and same.verdict == Verdict.PAGE and same.let_go_at is None:
            return same
        if component is None or key.startswith("unreadable:"):
            return None
        for group in self._groups.values():
            other = group.component
            if group.verdict != Verdict.PAGE or other is None or group.let_go_at is not None:
                continue
            if component.pk in self.map.kin(other) or other.pk in self.map.kin(component):
                return group
        return None

    def _group(
        self, key: str, signal: Signal, component: Component | None, flow: Flow | None, decided: Decided
    ) -> AlertGroup:
        group = self._groups.get(key)
        verdict, reason = Verdict(decided.verdict), speak(decided.reason)
        if group is None:
            group = self._groups[key] = AlertGroup(
                key=key, title=signal.title, component=component, flow=flow, verdict=verdict, reason=reason,
                opened_at=self.now, last_at=self.now,
            )  # fmt: skip
        elif GRAVEST[verdict] < GRAVEST[Verdict(group.verdict)]:
            group.verdict, group.reason, group.title, group.flow = verdict, reason, signal.title, flow
            if group.pk:
                self._changed[group.pk] = group
        return group

    def _write_repeats(self) -> None:
        """Only of what still fires: what has ended meanwhile was not said again, it is news."""
        for (second, count), alerts in sorted(self._again.items()):
            for numbers in _each_once(alerts):
                heard = Heard.objects.filter(FIRES, among("alert_id", numbers))
                if heard.update(count=F("count") + count, last_at=self._latest[second]) != len(numbers):
                    raise ChangedMeanwhile

    def _write_alerts(self) -> None:
        for second, ended in self._ended.items():
            firing = Alert.objects.filter(among("id", ended), ended_at__isnull=True)
            if firing.update(ended_at=self._latest[second]) != len(ended):
                raise ChangedMeanwhile
        groups = [group for key, group in self._groups.items() if key in self._told]
        AlertGroup.objects.bulk_create([group for group in groups if group.pk is None], batch_size=CHUNK)
        Alert.objects.bulk_create(self._new, batch_size=CHUNK)
        Heard.objects.bulk_create([alert.heard for alert in self._new], batch_size=CHUNK)
        for known in self._made:
            known.stored()
        for alert in self._new:
            self._heard[alert.group_id] += alert.heard.count
            if alert.ended_at is not None:
                self._maybe_quiet.add(alert.group_id)

    def _write_groups(self) -> None:
        AlertGroup.objects.bulk_update(self._changed.values(), ["verdict", "reason", "title", "flow"], batch_size=100)
        now = _stored(self.now)
        _many(HEAR_GROUP, [(count, now, group) for group, count in sorted(self._heard.items())])
        tell([(self._groups[key], alerts) for key, alerts in self._told.items()], now=self.now)
        close_quiet(self._maybe_quiet, now=self.now)

    def _write_hours(self) -> None:
        _many(HEAR_HOUR, [(rule, _stored(at), verdict, n) for (rule, at, verdict), n in sorted(self._hours.items())])


def _each_once(numbers: Iterable[int]) -> Iterator[list[int]]:
    """In order; what stands there again follows in a further list."""
    left: Mapping[int, int] = Counter(numbers)
    while left:
        yield sorted(left)
        left = {number: times - 1 for number, times in left.items() if times > 1}


def _many(statement: str, lines: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, lines)


def _stored(at: dt.datetime) -> Any:
    """An instant as this database takes it."""
    return connection.ops.adapt_datetimefield_value(at)


def _hour(at: dt.datetime) -> dt.datetime:
    return at.replace(minute=0, second=0, microsecond=0)
