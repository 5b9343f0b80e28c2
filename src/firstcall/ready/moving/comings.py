"""An event that comes back (RFC 5545) and whose people change with each coming, as layers of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.turns import MINUTES, WEEK, Turns, handover_after, later, within_week
from firstcall.ready.rules.window import DAY, EVERY_DAY, Window

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Coming:
    """`start` is the first coming, `minutes` how long each lasts; wall times of `zone`, without an offset.

    `people` take turns: with each coming, or with each week (from `week_start` on) when it comes weekly on `days`.
    Comings before `shown_from` or after `until` are none.
    """

    name: str
    people: tuple[str, ...]
    zone: str
    start: dt.datetime
    minutes: int
    frequency: str
    interval: int
    days: tuple[str, ...]
    week_start: str
    level: int
    shown_from: dt.datetime
    until: dt.datetime | None


def turns_of(coming: Coming, *, now: dt.datetime) -> list[Turns] | Say:
    """The layer, none when it has ended, or why ours can't say it. `now` is the wall time of its zone."""
    if coming.until is not None and coming.until + dt.timedelta(minutes=coming.minutes) <= now:
        return []
    if coming.shown_from > now and coming.shown_from != coming.start:
        return say(_("shift ‘{layer}’ begins later, in the middle of its rotation"), layer=coming.name)
    if any(day not in DAYS for day in (*coming.days, coming.week_start)):
        return say(_("shift ‘{layer}’ comes on days we don’t know"), layer=coming.name)
    found = _shape(coming, now=now)
    if isinstance(found, Say):
        return found
    starts, length_days, length_hours, windows = found
    turns = Turns(
        coming.people, coming.start.time(), starts, coming.zone, length_days, length_hours, coming.name[:120],
        windows=windows, level=coming.level,
    )  # fmt: skip
    return [turns] if coming.until is None else _ending(turns, coming)


def _ending(turns: Turns, coming: Coming) -> list[Turns] | Say:
    """The layer ends at the handover after its last coming has begun."""
    if turns.length_hours:
        return say(
            _("shift ‘{layer}’ changes by the hour and has an end; here such a layer has none"), layer=coming.name
        )
    assert coming.until is not None
    daily = Turns(turns.members, turns.handover, turns.starts, turns.zone, 1 if turns.windows else turns.length_days)
    until = handover_after(daily, coming.until + dt.timedelta.resolution)
    if until <= turns.starts:
        return []
    return [
        Turns(
            turns.members, turns.handover, turns.starts, turns.zone, turns.length_days, 0, turns.name, until,
            turns.windows, level=turns.level,
        )
    ]  # fmt: skip


Shape = tuple[dt.date, int, int, tuple[Window, ...]]


def _shape(coming: Coming, *, now: dt.datetime) -> Shape | Say:
    """The first day, the length in days or hours, and the windows."""
    start, alone = coming.start.time(), len(coming.people) == 1
    odd = say(_("shift ‘{layer}’ comes back in a way our turns and hours can’t say"), layer=coming.name)
    if coming.frequency == "hourly":
        whole = not coming.days and coming.minutes == coming.interval * 60
        return (coming.start.date(), 1, coming.interval, ()) if whole else odd
    if coming.frequency == "daily" and not coming.days:
        if coming.minutes == coming.interval * MINUTES and coming.interval <= 365:
            return coming.start.date(), coming.interval, 0, ()
        fits = coming.interval == 1 and coming.minutes < MINUTES
        window = Window(EVERY_DAY, start, later(start, coming.minutes))
        return (coming.start.date(), 1, 0, (window,)) if fits else odd
    if coming.frequency == "weekly" and not coming.days:
        if coming.minutes == coming.interval * WEEK and coming.interval <= 52:
            return coming.start.date(), 7 * coming.interval, 0, ()
        windows = within_week(coming.start.isoweekday(), start, coming.minutes) if coming.interval == 1 else None
        return odd if windows is None else (coming.start.date(), 7, 0, windows)
    if coming.interval != 1 or coming.minutes > MINUTES:
        return odd
    on = Window(frozenset(DAYS.index(day) + 1 for day in coming.days), start, later(start, coming.minutes))
    if coming.frequency == "daily" and alone:
        return coming.start.date(), 1, 0, (on,)
    if coming.frequency == "weekly":
        return _by_week(coming, on, now=now)
    return odd


def _by_week(coming: Coming, on: Window, *, now: dt.datetime) -> Shape | Say:
    """The turn changes with the week, at the hour of the shift: one that goes on past midnight stays whole."""
    back = (coming.start.weekday() - DAYS.index(coming.week_start)) % 7
    if back and coming.start > now and len(coming.people) > 1:
        return say(_("shift ‘{layer}’ begins later, in the middle of its rotation"), layer=coming.name)
    return coming.start.date() - (back * DAY if coming.start <= now else 0 * DAY), 7, 0, (on,)
