"""Alerts, as the fold and the pages read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from firstcall.detect.models.alert import Alert
from firstcall.detect.queries.among import among
from firstcall.detect.rules.repeat import Identity


@dataclass(slots=True)
class Open:
    """An alert that fires, by its `pk`; 0 and `alert` for one that is not stored yet."""

    rule: str
    verdict: str
    pk: int = 0
    group: int = 0
    alert: Alert | None = None

    def stored(self) -> None:
        """The new alert has its row: from now on it is known by that."""
        if self.alert is not None:
            self.pk, self.group, self.alert = self.alert.pk, self.alert.group_id, None


class Known(dict[Identity, Open]):
    """What fires, as far as was read. As long as `losses` stays the same, what was found in it is still in it."""

    losses = 0

    def __delitem__(self, identity: Identity) -> None:
        self.losses += 1
        super().__delitem__(identity)

    def clear(self) -> None:
        self.losses += 1
        super().clear()


class Tally(NamedTuple):
    """What is counted when stored alerts are said once more: the ids, groups, and rules with their verdicts of each."""

    alerts: tuple[int, ...]
    groups: tuple[int, ...]
    rules: tuple[tuple[str, str], ...]


def tally(said: Iterable[Open]) -> Tally:
    """Each of these once; one that stands there twice counts twice."""
    found = list(said)
    return Tally(
        tuple([one.pk for one in found]),
        tuple([one.group for one in found]),
        tuple([(one.rule, one.verdict) for one in found]),
    )


def open_alerts(identities: Iterable[Identity]) -> dict[Identity, Open]:
    """Those of these that fire now. One statement for each source."""
    by_source: dict[int, set[str]] = defaultdict(set)
    for source, key in identities:
        by_source[source].add(key)
    found: dict[Identity, Open] = {}
    for source, keys in by_source.items():
        rows = Alert.objects.filter(among("dedup_key", keys), source=source, ended_at__isnull=True)
        for pk, key, rule, verdict, group in rows.values_list("pk", "dedup_key", "rule", "verdict", "group_id"):
            found[source, key] = Open(rule, verdict, pk, group)
    return found
