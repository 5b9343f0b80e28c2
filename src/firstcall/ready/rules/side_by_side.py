"""Who is on call by the other system and by ours, laid side by side: where they differ, from when until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from firstcall.ready.rules.schedule import Held

Who = int | str


@dataclass(frozen=True, slots=True)
class Theirs:
    """The other system says `who` from `starts` until before `ends`: our number, or a name nobody here has."""

    who: Who
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """From `starts` until before `ends` it says `old` (several: all of them, none: nobody), and we say `new`."""

    starts: dt.datetime
    ends: dt.datetime
    old: frozenset[Who]
    new: int | None


def differences(
    old: Iterable[Theirs], new: Sequence[Held], *, start: dt.datetime, end: dt.datetime
) -> tuple[Difference, ...]:
    """Every span between `start` and `end` in which the two differ; neighbours that differ alike are one."""
    spans = [one for one in old if one.starts < one.ends and one.starts < end and one.ends > start]
    moments = {start, end}
    moments |= {at for one in spans for at in (one.starts, one.ends)}
    moments |= {at for held in new for at in (held.starts, held.ends)}
    found: list[Difference] = []
    for begin, until in pairwise(sorted(at for at in moments if start <= at <= end)):
        theirs = frozenset(one.who for one in spans if one.starts <= begin < one.ends)
        ours = next((held.user for held in new if held.starts <= begin < held.ends), None)
        if theirs == (frozenset() if ours is None else frozenset({ours})):
            continue
        last = found[-1] if found else None
        if last and last.ends == begin and (last.old, last.new) == (theirs, ours):
            found[-1] = Difference(last.starts, until, theirs, ours)
        else:
            found.append(Difference(begin, until, theirs, ours))
    return tuple(found)
