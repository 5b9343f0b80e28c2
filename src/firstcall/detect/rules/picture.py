"""The history of a rule as a small picture: one bar a day, so that a glance tells rare from daily."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

DAYS = 30
STEP, HEIGHT, LEAST, MOST = 4, 28, 6, 26  # pixels


@dataclass(frozen=True, slots=True)
class History:
    """`path` is the bars as an SVG path over 120 by 29 pixels; `times` and `days` say the same in numbers."""

    path: str
    times: int
    days: int
    paged: int


def history(fired: Iterable[tuple[dt.date, str]], *, today: dt.date) -> History:
    """From (day, verdict) of each time it fired, the last 30 days with today; heights grow by the logarithm."""
    first = today - dt.timedelta(days=DAYS - 1)
    counts: Counter[int] = Counter()
    paged = 0
    for day, verdict in fired:
        if first <= day <= today:
            counts[(day - first).days] += 1
            paged += verdict == "page"
    top = math.log1p(max(counts.values(), default=1))
    bars = [
        f"M{place * STEP + 1.5} {HEIGHT}v-{round(LEAST + (MOST - LEAST) * math.log1p(counts[place]) / top)}"
        for place in sorted(counts)
    ]
    return History("".join(bars), sum(counts.values()), len(counts), paged)
