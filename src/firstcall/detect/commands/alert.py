"""From runs of signals to alerts and groups, a batch at a time.

A storm must not hold up anybody else's write, so the batch is reckoned in memory and written in few statements:
repeats are sums, new rows go in together, and the journal hears once of what happened to a group.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext

from firstcall.detect.commands.group import close_quiet, tell
from firstcall.detect.models.alert import Alert, AlertHour, Heard
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.models.source import Source
from firstcall.detect.queries.alert import Open
from firstcall.detect.queries.among import among
from firstcall.detect.queries.map import Map, peak_now
from firstcall.detect.rules.repeat import Identity, Run
from firstcall.detect.rules.signal import Signal, component_hints
from firstcall.detect.rules.verdict import Decided, Threat, decide
from firstcall.kernel.say import Say, Term
from firstcall.ready.models.component import Component
from firstcall.ready.models.flow import Flow

CHUNK = 500
GRAVEST = {Verdict.PAGE: 0, Verdict.JOIN: 1, Verdict.DIGEST: 2, Verdict.DROP: 3}
Value = TypeVar("Value")


class ChangedMeanwhile(Exception):
    """What was read before the transaction is no longer so: write nothing, read again."""


class AlertBatch:
    """Takes runs in order, then writes. Used once, inside one transaction.

    `known` was read before it began, and afterwards says what fires: it is worth nothing when the transaction fails.
    """

    def __init__(self, sources: Mapping[int, Source], known: dict[Identity, Open], *, now: dt.datetime) -> None:
        self.now = now
        self.sources = sources
        self._map: Map | None = None
        self._open = known
        self._again: dict[int, tuple[int, dt.datetime]] = {}  # by the alert: how often, last heard
        self._ended: dict[int, dt.datetime] = {}
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
        self._hold()
        self._write_alerts()
        self._write_groups()
        self._write_hours()

    def repeat(self, known: Iterable[Open], count: int, at: dt.datetime) -> None:
        """Count what stored alerts said again. May be called before the transaction."""
        hour = _hour(at)
        for one in known:
            self._heard[one.group] += count
            self._hours[one.rule, hour, one.verdict] += count
            before = self._again.get(one.pk)
            self._again[one.pk] = (count, at) if before is None else (count + before[0], max(at, before[1]))

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
            self.repeat([known], run.count, run.last_at)
            return
        self._hours[known.rule, _hour(run.last_at), known.verdict] += run.count

    def _end(self, known: Open, at: dt.datetime) -> None:
        if known.alert is not None:
            known.alert.ended_at = max(at, known.alert.first_at)
        else:
            self._ended[known.pk] = at
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
            verdict=decided.verdict, reason=words(decided.reason),
            steps=[words(step) for step in decided.steps], raw=signal.raw,
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
        verdict, reason = Verdict(decided.verdict), words(decided.reason)
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

    def _hold(self) -> None:
        """Make sure that what repeats still fires, and goes on doing so until we have written."""
        firing = Alert.objects.filter(among("id", self._again), ended_at__isnull=True).select_for_update()
        if len(firing.values_list("pk")) != len(self._again):
            raise ChangedMeanwhile

    def _write_alerts(self) -> None:
        for count, last_at, again in _by_second((count, at, pk) for pk, (count, at) in self._again.items()):
            Heard.objects.filter(among("alert_id", again)).update(count=F("count") + count, last_at=last_at)
        for _count, at, ended in _by_second((0, at, pk) for pk, at in self._ended.items()):
            if Alert.objects.filter(among("id", ended), ended_at__isnull=True).update(ended_at=at) != len(ended):
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
        for count, heard in _by_value(self._heard).items():
            AlertGroup.objects.filter(among("id", heard)).update(count=F("count") + count, last_at=self.now)
        tell([(self._groups[key], alerts) for key, alerts in self._told.items()], now=self.now)
        close_quiet(self._maybe_quiet, now=self.now)

    def _write_hours(self) -> None:
        rows = AlertHour.objects.filter(
            among("rule", {rule for rule, _, _ in self._hours}), hour__in={hour for _, hour, _ in self._hours}
        )
        known = {row[1:]: row[0] for row in rows.values_list("pk", "rule", "hour", "verdict")}
        again = {known[key]: count for key, count in self._hours.items() if key in known}
        for count, numbers in _by_value(again).items():
            AlertHour.objects.filter(among("id", numbers)).update(count=F("count") + count)
        AlertHour.objects.bulk_create(
            [AlertHour(rule=k[0], hour=k[1], verdict=k[2], count=n) for k, n in self._hours.items() if k not in known],
            batch_size=CHUNK,
        )


def words(sentence: Say) -> str:
    """A rule's sentence in the installation's language, as it is kept with the alert."""
    facts = {name: gettext(fact.text) if isinstance(fact, Term) else str(fact) for name, fact in sentence.facts.items()}
    return gettext(sentence.text).format_map(facts)


def _by_second(items: Iterable[tuple[int, dt.datetime, int]]) -> list[tuple[int, dt.datetime, list[int]]]:
    """(count, instant, id) put together by count and second, with the latest instant of each: few statements."""
    together: dict[tuple[int, dt.datetime], list[int]] = defaultdict(list)
    for count, at, number in items:
        together[count, at].append(number)  # what came in one body has the same instant
    found: dict[tuple[int, dt.datetime], tuple[dt.datetime, list[int]]] = {}
    for (count, at), numbers in together.items():
        key = (count, at.replace(microsecond=0))
        latest, before = found.get(key, (at, []))
        found[key] = (max(latest, at), before)
        before += numbers
    return [(count, latest, numbers) for (count, _second), (latest, numbers) in found.items()]


def _by_value(items: Mapping[int, Value]) -> dict[Value, list[int]]:
    """Ids that get the same value together, so that they are written in one statement."""
    found: dict[Value, list[int]] = defaultdict(list)
    for number, value in items.items():
        found[value].append(number)
    return found


def _hour(at: dt.datetime) -> dt.datetime:
    return at.replace(minute=0, second=0, microsecond=0)
