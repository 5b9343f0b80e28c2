"""What was taken from another system, as ours would say it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.kernel.say import Say
from firstcall.ready.rules.turns import Turns


@dataclass(frozen=True, slots=True)
class Way:
    """How a person is reached there: 'mail', 'phone', or another word of that system."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Person:
    """`origin` is the other system's number, as for everything here. `access` is never 'admin'; `cannot`: why not."""

    origin: str
    name: str
    mail: str
    zone: str = ""
    access: str = "responder"
    ways: tuple[Way, ...] = ()
    cannot: Say | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody takes over for a while, instants in UTC."""

    origin: str
    person: str
    starts: dt.datetime
    ends: dt.datetime
    cannot: Say | None = None


@dataclass(frozen=True, slots=True)
class Rota:
    """A schedule with its layers, the one that wins first. `told`: it was said who is on call in the days to come.

    `covers` are all there are of those that begin before `covers_until`; None: it did not say whether these are all.
    """

    origin: str
    name: str
    zone: str = "UTC"
    turns: tuple[Turns, ...] = ()
    covers: tuple[Cover, ...] = ()
    told: bool = True
    cannot: Say | None = None
    covers_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A step of a path: whom it pages ('schedule' or 'person' and the origin), and minutes to wait for an answer.

    0: it is paged at once with the next.
    """

    noun: str
    origin: str
    wait: int


@dataclass(frozen=True, slots=True)
class Policy:
    origin: str
    name: str
    calls: tuple[Call, ...] = ()
    cannot: Say | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A part of theirs; `path` is the name of the policy it has there."""

    origin: str
    name: str
    path: str = ""
    cannot: Say | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """Who the other system says is on call: `rota` and `person` are origins, `name` is as it calls them."""

    rota: str
    person: str
    name: str
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """All that was read. `shifts` cover `since` until `until`; `unread` names what it would not show us."""

    people: tuple[Person, ...]
    rotas: tuple[Rota, ...]
    policies: tuple[Policy, ...]
    services: tuple[Service, ...]
    shifts: tuple[Shift, ...]
    since: dt.datetime
    until: dt.datetime
    unread: tuple[str, ...] = ()
