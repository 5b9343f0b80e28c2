"""How the store grows: one line a day in `<data>/size.log`, 'YYYY-MM-DD bytes'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

NAME = "size.log"
KEPT = 60  # days


def note_size(folder: Path, *, day: dt.date, measure: Callable[[], int]) -> None:
    """Write today's line unless it stands."""
    days = read_sizes(folder)
    if day in days:
        return
    days[day] = measure()
    lines = [f"{known} {days[known]}\n" for known in sorted(days)[-KEPT:]]
    fresh = folder / f"{NAME}.new"
    fresh.write_text("".join(lines))
    fresh.replace(folder / NAME)


def read_sizes(folder: Path) -> dict[dt.date, int]:
    """Bytes by day; a line that can't be read is left out."""
    try:
        lines = (folder / NAME).read_text().splitlines()
    except OSError:
        return {}
    days = {}
    for line in lines:
        day, _, size = line.partition(" ")
        try:
            days[dt.date.fromisoformat(day)] = int(size)
        except ValueError:
            continue
    return days


def growth_a_day(days: dict[dt.date, int]) -> float | None:
    """Bytes a day between the first and the last note of the last thirty days; None before there are two."""
    if not days:
        return None
    last = max(days)
    first = min(day for day in days if last - day <= dt.timedelta(days=30))
    return None if first == last else (days[last] - days[first]) / (last - first).days
