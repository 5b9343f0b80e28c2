"""A calendar of somebody else as shifts: bounded in size, in time, and in how often an event may come back."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstcall.ready.calendars.comings import SECONDS

MOST_BYTES = 5 * 1024 * 1024
PROGRAM = (sys.executable, "-m", "firstcall.ready.calendars.comings")


class Unreadable(Exception):
    """The sentence says what is wrong with the calendar, and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Event:
    """One shift: mail addresses and names it gives, the best first, from an instant until before another, in UTC."""

    who: tuple[str, ...]
    starts: dt.datetime
    ends: dt.datetime


def read_calendar(body: bytes, *, zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> list[Event]:
    """The events that touch `start` to `end`, by their beginnings. Times without a zone are of `zone`.

    Takes some half a second, six at most: not for inside a transaction. Raises Unreadable.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable(_("The calendar is larger than 5 MB."))
    answer = _answer(body, zone.key, start.isoformat(), end.isoformat())
    if "wrong" in answer:
        raise Unreadable(_sentence(answer))
    return [
        Event(tuple(who), dt.datetime.fromisoformat(starts), dt.datetime.fromisoformat(ends))
        for who, starts, ends in answer["events"]
    ]


def _answer(body: bytes, *arguments: str) -> dict[str, Any]:
    """What the program says; it gets nothing of our settings."""
    path = os.pathsep.join(place for place in sys.path if place)
    try:
        done = subprocess.run(  # noqa: S603
            [*PROGRAM, *arguments], input=body, capture_output=True, timeout=2 * SECONDS, check=True,
            env={"PYTHONPATH": path},
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"wrong": "slow"}
    return answer


def _sentence(facts: dict[str, Any]) -> str:
    facts = {**facts, "title": facts.get("title") or _("An event without a title")}
    return {
        "no calendar": _("This is no calendar we can read: {why}"),
        "many": _("The calendar has more than 5,000 events."),
        "crowded": _("More than 5,000 events lie in four months: these are no shifts."),
        "often": _("‘{title}’ comes back every minute or more often: that is no shift."),
        "old": _("‘{title}’ has come back since the year {year}: let it begin in 2000 or later."),
        "interval": _("‘{title}’ comes back at no interval: give its rule an INTERVAL of 1 or more."),
        "no beginning": _("‘{title}’ has no beginning (DTSTART)."),
        "broken": _("An event can't be read: {why}"),
    }.get(facts["wrong"], _("Its events take too long to count: let those that come back begin later.")).format(**facts)
