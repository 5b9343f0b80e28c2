"""What is looked at, as facts: read by the query, judged by the rules beside this one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.ready.rules.cost import UNKNOWN, Hour, hour_of


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """One flow as far as readiness asks; the one path there is counts as the path of each that has none.

    `watched`: a source or an alert touches it or a part it needs. `confirmed`: somebody said that it holds and that
    day is not over.
    """

    slug: str
    name: str
    criticality: str
    has_path: bool
    cost_per_hour: int | None
    has_owner: bool = True
    has_repair: bool = True
    has_words: bool = True
    has_steps: bool = True
    watched: bool = True
    sketched: bool = False
    confirmed: bool = True
    drilled: bool = True
    cost_per_hour_most: int | None = None

    @property
    def hour(self) -> Hour:
        """What an hour without it costs."""
        return hour_of(self.cost_per_hour, self.cost_per_hour_most)


@dataclass(frozen=True, slots=True)
class GapFacts:
    """Nobody is on call on a schedule from `starts` until `ends`; None: for as far as one can look. `cost` is what the
    dearest flow would cost in all these hours.

    `every` is its hours in words when it comes back each week ("": it does not), `key` names it from day to day.
    """

    key: str
    starts: dt.datetime
    ends: dt.datetime | None
    cost: Hour = UNKNOWN
    every: str = ""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """Hours in which nobody would hold a role (`name` ""), or `name` would and has not accepted it: `what` says so.

    `flows` are those it is true for, in words ("": whatever breaks), `hours` their words, `weekly` whether they come
    back, else it is over at `ends`; `rank` that of the most critical flow. `lasts` is how long in hours (0: for as far
    as one can look), `cost` what the dearest of the flows would cost in all of them.
    """

    key: str
    role: str
    what: str
    name: str
    flows: str
    hours: str
    weekly: bool
    ends: dt.datetime | None
    rank: int
    lasts: int = 0
    cost: Hour = UNKNOWN


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """Who is told beside a path, as `kind` says. `wrong` is what is wrong with it ("": nothing), `person` who that is.

    `left`: that person's account ended, `hollow`: the schedule `who` holds nobody, `owners`: no customer has an account
    owner, `unverified`: that person has verified no way, `missing`: the severity table tells the leadership at once and
    the path names nobody for it.
    """

    number: int
    path: int
    name: str
    kind: str
    who: str
    wrong: str = ""
    person: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """A schedule with the gaps of the coming days."""

    number: int
    name: str
    gaps: tuple[GapFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A path: whom it pages first, how many others stand behind, and how long the first has in minutes.

    `left` are the people in its steps whose account ended, `hollow` the schedules in its steps that hold nobody.
    """

    number: int
    name: str
    first: str
    behind: int
    wait_minutes: int
    left: tuple[str, ...] = ()
    hollow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who is on a schedule or on a path. `verified`: has a way of being paged that was tried."""

    number: int
    name: str
    verified: bool
    has_phone: bool


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A third party that flows stop with; `own` is its slug, `watched` whether what it says of itself is read.

    `bare` names the part or flow that needs it without any fallback ("": each has one), `untested` the one whose
    fallback was not tried within 180 days; `page` and `slug` are where that is written down, `stops` the slugs of the
    flows that stop.
    """

    number: int
    name: str
    bare: str
    page: str
    slug: str
    stops: tuple[str, ...]
    untested: str = ""
    watched: bool = True
    own: str = ""


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """Of the customers with a contract `ringing` have a telephone number and `mute` have none; `first` of those by
    name: their numbers and names."""

    ringing: int = 0
    mute: int = 0
    first: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwedFacts:
    """What `name` is to confirm (number 0: what has no owner): how many things, one of them by name."""

    number: int
    name: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action of a postmortem whose day is over."""

    number: int
    what: str
    owner: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is looked at. `sources` is how many sources of alerts there are; `on_time` how many open actions are
    not late; `held` how many roles beforehand are never empty."""

    flows: tuple[FlowFacts, ...] = ()
    schedules: tuple[ScheduleFacts, ...] = ()
    paths: tuple[PathFacts, ...] = ()
    providers: tuple[ProviderFacts, ...] = ()
    phones: PhoneFacts = PhoneFacts()
    sources: int = 0
    people: tuple[PersonFacts, ...] = ()
    owed: tuple[OwedFacts, ...] = ()
    late: tuple[ActionFacts, ...] = ()
    on_time: int = 0
    roles: tuple[RoleFacts, ...] = ()
    held: int = 0
    lanes: tuple[ToldFacts, ...] = ()
