"""How long people were hit, and how long it was worked on: spans [begin, end) of what an incident's history says.

The history is when it began, each time it was said to be over and came back, and when it was said to be over for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[dt.datetime, dt.datetime]
NOTHING = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Return:
    """It was said to be over at `over`, hit people again from `back`, and its room opened again at `opened`. UTC.

    `over` <= `back` <= `opened`; where `back` is `over`, it had never stopped.
    """

    over: dt.datetime
    back: dt.datetime
    opened: dt.datetime


def decide_return(over: dt.datetime, *, worked: bool, back: dt.datetime | None = None, now: dt.datetime) -> Return:
    """It is opened again `now`: since when are people hit again?

    `back` is since when, as somebody said or as its alert began; None: nobody knows better than now. Where nobody ever
    said that it worked (`worked` is False: it was declined) it had never stopped, unless somebody says otherwise.
    """
    since = back or (now if worked else over)
    return Return(over, min(max(since, over), max(now, over)), max(now, over))


def impact_spans(
    began: dt.datetime, over: dt.datetime | None, returns: Iterable[Return] = (), *, now: dt.datetime
) -> tuple[Span, ...]:
    """When people were hit, as far as `now`: in order, none empty, none overlapping. `over` None: they still are."""
    return _without(began, over, [(one.over, one.back) for one in returns], now=now)


def work_spans(
    opened: dt.datetime, over: dt.datetime | None, returns: Iterable[Return] = (), *, now: dt.datetime
) -> tuple[Span, ...]:
    """The same of when its room was open."""
    return _without(opened, over, [(one.over, one.opened) for one in returns], now=now)


def _without(
    begin: dt.datetime, over: dt.datetime | None, gaps: Sequence[Span], *, now: dt.datetime
) -> tuple[Span, ...]:
    end = now if over is None else min(over, now)
    spans: list[Span] = []
    at = begin
    for since, until in sorted(gap for gap in gaps if gap[0] < gap[1]):
        spans.append((at, min(since, end)))
        at = max(at, until)
    spans.append((at, end))
    return tuple((since, until) for since, until in spans if since < until)


def within(since: dt.datetime, until: dt.datetime, spans: Iterable[Span]) -> list[Span]:
    """What of `spans` lies between two instants."""
    found = [(max(since, begin), min(until, end)) for begin, end in spans]
    return [(begin, end) for begin, end in found if begin < end]


def lasted(spans: Iterable[Span]) -> dt.timedelta:
    """How long spans that do not overlap are together."""
    return sum((end - begin for begin, end in spans), NOTHING)


def counts_from(spans: Iterable[Span], *, now: dt.datetime) -> dt.datetime:
    """From when a clock that is shown would have to run without a pause to stand where it stands `now`."""
    return now - lasted(spans)


def minutes_of(spans: Iterable[Span]) -> int:
    """Whole minutes that are over: the one rounding of how long an impact was."""
    return int(lasted(spans).total_seconds() // 60)
