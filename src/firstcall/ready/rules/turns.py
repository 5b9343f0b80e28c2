"""Layers taken from another system: whether two of them would have two people on call at once, and their hours."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.window import DAY, EVERY_DAY, Window, instant_of, spans

MINUTES = 24 * 60
WEEK = 7 * MINUTES
AHEAD = 371 * DAY  # a year and a week: every clock change, and every week of a year
NOON = dt.time(12)
MOST_WINDOWS = 50  # of a layer
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Turns:
    """A layer as ours are, its members by the other system's numbers; `zone` is always named.

    With `calendar` its shifts are that address's events. Of layers with the same `level` no two may hold at once; the
    highest level wins.
    """

    members: tuple[str, ...]
    handover: dt.time
    starts: dt.date
    zone: str
    length_days: int = 7
    length_hours: int = 0
    name: str = ""
    until: dt.date | None = None
    windows: tuple[Window, ...] = ()
    calendar: str = ""
    level: int = 0


def _of_week(windows: Iterable[Window]) -> list[tuple[int, int]]:
    """The windows as minutes of a week from Monday 00:00 on; what goes on into next week comes in two pieces."""
    found = []
    for window in windows:
        for day in window.days:
            midnight = (day - 1) * MINUTES
            begin = midnight + window.starts.hour * 60 + window.starts.minute
            end = midnight + window.ends.hour * 60 + window.ends.minute
            end += 0 if window.ends > window.starts else MINUTES
            found += [(begin, min(end, WEEK))] + ([(0, end - WEEK)] if end > WEEK else [])
    return found


def _meet(one: Turns, other: Turns) -> bool:
    """Whether both may hold at one instant: by the week on one clock, over a year when their clocks differ."""
    for first, second in ((one, other), (other, one)):
        if first.until and instant_of(first.until, first.handover, first.zone) <= instant_of(
            second.starts, second.handover, second.zone
        ):
            return False
    if not one.windows or not other.windows:
        return True
    if one.zone == other.zone:
        return any(
            begin < until and start < end
            for begin, end in _of_week(one.windows)
            for start, until in _of_week(other.windows)
        )
    start = instant_of(max(one.starts, other.starts), NOON, "UTC")
    held = sorted(
        (span.starts, span.ends, number)
        for number, turns in enumerate((one, other))
        for span in spans(turns.windows, turns.zone, start=start, end=start + AHEAD)
    )
    last = [start - AHEAD, start - AHEAD]
    for starts, ends, number in held:
        if starts < last[1 - number]:
            return True
        last[number] = max(last[number], ends)
    return False


def unfit(turns: Turns) -> Say | None:
    """Why our schedule would not take a layer; None: it does."""
    if not turns.members and not turns.calendar:
        return say(_("layer ‘{layer}’ has nobody in it"), layer=turns.name)
    if len(turns.windows) > MOST_WINDOWS:
        return say(_("layer ‘{layer}’ has more than {n} spans of hours"), layer=turns.name, n=MOST_WINDOWS)
    if not 1 <= turns.length_days <= 365 or not 0 <= turns.length_hours <= 8760:
        return say(_("layer ‘{layer}’ has turns of more than a year"), layer=turns.name)
    if not FIRST_DAY <= turns.starts <= LAST_DAY:
        return say(_("layer ‘{layer}’ does not begin between 2000 and 2200"), layer=turns.name)
    if turns.until is not None and turns.until <= turns.starts:
        return say(_("layer ‘{layer}’ ends before it begins"), layer=turns.name)
    return None


def settled(turns: Turns, members: tuple[str, ...]) -> Turns:
    """The layer as our schedule keeps it: `members` are our numbers, and its place says which one wins."""
    if turns.calendar:  # its days are those of the calendar
        turns = replace(turns, handover=dt.time(0), starts=FIRST_DAY, length_days=7)
    return replace(turns, members=members, level=0)


def mark_of(turns: Iterable[Turns]) -> str:
    """Tells layers from any others."""
    facts = [
        (one.members, one.handover.isoformat(), one.starts.isoformat(), one.zone, one.length_days, one.length_hours,
         one.name, str(one.until), one.calendar,
         [(sorted(window.days), window.starts.isoformat(), window.ends.isoformat()) for window in one.windows])
        for one in turns
    ]  # fmt: skip
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def at_once(turns: Iterable[Turns]) -> Say | None:
    """Why layers of one level would have two people on call at once; None: they never have."""
    by_level: dict[int, list[Turns]] = {}
    for one in turns:
        for other in by_level.setdefault(one.level, []):
            if _meet(one, other):
                text = _("has two on call at once (‘{one}’ and ‘{other}’); here a schedule has one")
                return say(text, one=other.name or "–", other=one.name or "–")
        by_level[one.level].append(one)
    return None


def within_day(start: dt.time, minutes: int) -> tuple[Window, ...] | None:
    """The window of `minutes` from `start` on, every day; none when it is the whole day, None when it is longer."""
    if not 0 < minutes <= MINUTES:
        return None
    if minutes == MINUTES:
        return ()
    return (Window(EVERY_DAY, start, later(start, minutes)),)


def later(start: dt.time, minutes: int) -> dt.time:
    """A wall time so many minutes later, round the clock."""
    hours, rest = divmod((start.hour * 60 + start.minute + minutes) % MINUTES, 60)
    return dt.time(hours, rest)


def within_week(day: int, start: dt.time, minutes: int) -> tuple[Window, ...] | None:
    """The windows of a span of `minutes` from `start` on ISO weekday `day`; () for a whole week, None when longer."""
    if not 0 < minutes <= WEEK:
        return None
    if minutes == WEEK:
        return ()
    days, rest = divmod(start.hour * 60 + start.minute + minutes, MINUTES)
    following = [(day - 1 + n) % 7 + 1 for n in range(8)]
    if minutes <= MINUTES:
        return (Window(frozenset({day}), start, later(start, minutes)),)
    found = [Window(frozenset({day}), start, dt.time(0))]
    if days > 1:
        found.append(Window(frozenset(following[1:days]), dt.time(0), dt.time(0)))
    if rest:
        found.append(Window(frozenset({following[days]}), dt.time(0), later(dt.time(0), rest)))
    return tuple(found)


def handover_after(turns: Turns, wall: dt.datetime) -> dt.date:
    """The day of the first handover no earlier than `wall` (a wall time without zone): where such a layer ends."""
    if wall <= dt.datetime.combine(turns.starts, turns.handover):
        return turns.starts
    whole, rest = divmod(wall - dt.datetime.combine(turns.starts, turns.handover), turns.length_days * DAY)
    return turns.starts + (whole + bool(rest)) * turns.length_days * DAY
