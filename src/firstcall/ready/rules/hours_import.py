"""What each hour of the week costs, out of a table: 168 rows of day, hour and value, or seven days by 24 hours.

Either all 168 hours are there, each once and each a whole amount, or none of it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.change import DAY_NAMES
from firstcall.ready.rules.table import Table

WEEK = 168
MOST = 2_000_000_000
SHOWN = 20  # hours that are missing, each by name
SPELLED = (
    "mon monday mo 1", "tue tuesday tues tu 2", "wed wednesday we 3", "thu thursday thur thurs th 4",
    "fri friday fr 5", "sat saturday sa 6", "sun sunday su 7",
)  # fmt: skip
DAYS = {name: number for number, names in enumerate(SPELLED) for name in names.split()}
HEADS = {
    "day": ("day", "weekday", "dow", "dayofweek"),
    "hour": ("hour", "time", "hourofday", "from"),
    "value": ("value", "cost", "costs", "amount", "revenue", "worth", "costperhour", "anhourcosts"),
}
CLOCK = re.compile(r"([01]?\d|2[0-3])(:00(:00)?|h)?", re.ASCII)
AMOUNT = re.compile(r"(\d{1,10})([.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which line; 0: the whole table."""

    line: int
    sentence: Say


@dataclass(frozen=True, slots=True)
class Week:
    """`hours`: whole units of the currency, Monday 00:00 first; empty when there is a fault."""

    hours: tuple[int, ...]
    faults: tuple[Fault, ...] = ()


def read_week(table: Table) -> Week:
    """The week a table tells, or all that is wrong with it."""
    faults = [Fault(row.line, row.fault) for row in table.rows if row.fault is not None]
    if faults:
        return Week((), tuple(faults))
    columns = _columns(table.header.cells)
    if columns is not None:
        cells = [(row.line, row.cells[columns[0]], row.cells[columns[1]], row.cells[columns[2]]) for row in table.rows]
    else:
        cells = _matrix(table)
    if not cells:
        words = _("Give three columns (weekday, hour, value), or a line for each day with its 24 hours.")
        return Week((), (Fault(0, say(words)),))
    return _whole(cells)


def _columns(header: Sequence[str]) -> tuple[int, int, int] | None:
    """Where day, hour and value stand; with both others known the value is the one column that is left."""
    bare = [re.sub(r"[\W_]+", "", cell.casefold()) for cell in header]
    found = {one: next((n for n, cell in enumerate(bare) if cell in names), None) for one, names in HEADS.items()}
    day, hour, value = found["day"], found["hour"], found["value"]
    if day is None or hour is None:
        return None
    rest = [n for n in range(len(header)) if n not in (day, hour)]
    value = rest[0] if value is None and len(rest) == 1 else value
    return None if value is None else (day, hour, value)


def _matrix(table: Table) -> list[tuple[int, str, str, str]]:
    """Cells of a matrix as (line, day, hour, value): days down or across, or seven bare lines from Monday on."""
    head, rows = table.header.cells, [table.header, *table.rows]
    if len(head) == 25 and all(CLOCK.fullmatch(cell) for cell in head[1:]):
        return [(row.line, row.cells[0], head[n], row.cells[n]) for row in table.rows for n in range(1, 25)]
    if len(head) == 8 and all(cell.casefold() in DAYS for cell in head[1:]):
        return [(row.line, head[n], row.cells[0], row.cells[n]) for row in table.rows for n in range(1, 8)]
    if len(rows) == 7 and len(head) in (24, 25):
        first = len(head) - 24
        return [
            (row.line, row.cells[0] if first else str(day), str(hour), row.cells[hour + first])
            for day, row in enumerate(rows, 1)
            for hour in range(24)
        ]
    return []


def _whole(cells: Sequence[tuple[int, str, str, str]]) -> Week:
    hours: dict[int, int] = {}
    lines: dict[int, int] = {}
    faults = []
    for line, day, clock, value in cells:
        fault = _fault(day, clock, value)
        if fault is not None:
            faults.append(Fault(line, fault))
            continue
        place = DAYS[day.casefold()] * 24 + int(re.sub(r"(:.*|h)$", "", clock))
        if place in hours:
            words = _("{day} {hour} stands here twice, first in line {line}.")
            faults.append(Fault(line, say(words, **_named(place), line=lines[place])))
        lines.setdefault(place, line)
        hours[place] = round(float(value.replace(",", ".")))
    if not faults:
        missing = [place for place in range(WEEK) if place not in hours]
        faults = [Fault(0, say(_("{day} {hour} is missing."), **_named(place))) for place in missing[:SHOWN]]
        if len(missing) > SHOWN:
            faults.append(Fault(0, say(_("And {n} more hours are missing."), n=len(missing) - SHOWN)))
    return Week((), tuple(faults)) if faults else Week(tuple(hours[place] for place in range(WEEK)))


def _fault(day: str, clock: str, value: str) -> Say | None:
    if day.casefold() not in DAYS:
        return say(_("“{cell}” is no weekday: write Monday, Mon or 1."), cell=day[:40])
    if not CLOCK.fullmatch(clock):
        return say(_("“{cell}” is no hour of the day: write 0 to 23, or 17:00."), cell=clock[:40])
    if not AMOUNT.fullmatch(value) or float(value.replace(",", ".")) > MOST:
        return say(_("“{cell}” is no amount: write a number without other signs, such as 1200."), cell=value[:40])
    return None


def _named(place: int) -> dict[str, object]:
    return {"day": Term(DAY_NAMES[place // 24]), "hour": f"{place % 24:02}:00"}
