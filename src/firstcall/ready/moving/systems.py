"""The systems people move in from, each with how it is asked and how its answers are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.models.moving import System
from firstcall.ready.moving import oncall, opsgenie, pagerduty
from firstcall.ready.moving.asking import Asking
from firstcall.ready.moving.fields import Fields, Unreadable
from firstcall.ready.rules.taken import Taken

LARGEST = 15 * 1024 * 1024  # the door takes 16
AHEAD = dt.timedelta(days=14)  # of who is on call there


class Take(Protocol):
    def __call__(self, asking: Asking, *, since: dt.datetime, until: dt.datetime) -> dict[str, Any]: ...


class Read(Protocol):
    def __call__(self, body: Fields, *, since: dt.datetime, until: dt.datetime) -> Taken: ...


@dataclass(frozen=True, slots=True)
class Other:
    """`address` is the usual one, '' when everybody has their own; a file must have one of the lists `lists`."""

    address: str
    headers: Callable[[str], dict[str, str]]
    take: Take
    read: Read
    lists: tuple[str, ...]


SYSTEMS: dict[str, Other] = {
    System.PAGERDUTY: Other(
        "https://api.pagerduty.com", pagerduty.headers, pagerduty.take, pagerduty.read,
        ("users", "schedules", "escalation_policies", "services"),
    ),
    System.OPSGENIE: Other(
        "https://api.opsgenie.com", opsgenie.headers, opsgenie.take, opsgenie.read,
        ("users", "schedules", "escalations", "services"),
    ),
    System.ONCALL: Other(
        "", oncall.headers, oncall.take, oncall.read, ("users", "schedules", "on_call_shifts", "escalation_chains"),
    ),
}  # fmt: skip


def read_file(system: str, body: bytes, *, now: dt.datetime) -> Taken:
    """A file with what the system answers, as ours. Raises Unreadable."""
    if len(body) > LARGEST:
        raise Unreadable(say(_("The file is larger than 15 MB.")))
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise Unreadable(say(_("This is no JSON file."))) from None
    lists = SYSTEMS[system].lists
    if not isinstance(found, dict) or not any(isinstance(found.get(name), list) for name in lists):
        raise Unreadable(say(_("The file needs at least one of these lists: {names}."), names=", ".join(lists)))
    return read_answers(system, found, now=now)


def read_answers(system: str, answers: dict[str, Any], *, now: dt.datetime) -> Taken:
    """What was answered, as ours. Raises Unreadable."""
    return SYSTEMS[system].read(Fields(answers), since=now, until=now + AHEAD)
