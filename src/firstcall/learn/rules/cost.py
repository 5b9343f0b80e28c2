"""What an incident cost: a range, with every assumption named. Nothing is invented: what is not known is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.kernel.say import Count, Money, MoneyRange, Say, roughly, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.cost import Hour

SHARE = {1: (0.6, 1.0), 2: (0.2, 0.6), 3: (0.02, 0.2), 4: (0.0, 0.02)}
RATE = 80  # an hour of a person's work, in units of the currency


@dataclass(frozen=True, slots=True)
class Harm:
    """Whole `minutes` of impact, what an hour of it costs, and the hours people with a role spent on it together.

    `dated`: somebody said when it began; otherwise the minutes count from when it was opened. `contracts`: so many
    customers that are hit have one (0: none that we know of). `came_back`: it was over in between, and opened again.
    """

    severity: int
    minutes: int
    hour: Hour
    users_per_hour: int | None
    person_hours: float
    rate: int = RATE
    dated: bool = True
    contracts: int = 0
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that went in, and where it comes from."""

    said: Say
    source: Say


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the cost, in whole units of the currency, and what it rests on."""

    name: str
    low: int
    high: int
    assumptions: tuple[Assumption, ...]

    @property
    def money(self) -> MoneyRange:
        """As a page says it."""
        return about(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Cost:
    """`low` to `high` of what is known; `known` is False when what the flow costs is not. `missing`: what is not in.

    `hour` is what an hour of it costs, by which it was reckoned.
    """

    low: int
    high: int
    known: bool
    parts: tuple[Part, ...]
    missing: tuple[Say, ...]
    hour: Hour

    @property
    def money(self) -> MoneyRange | None:
        """As every page says it, no more exact than an estimate can be; None while what the flow costs is not known."""
        return about(self.low, self.high) if self.known else None


def about(low: int, high: int) -> MoneyRange:
    """A range of estimates, both ends rounded in the same way."""
    return MoneyRange(roughly(low), roughly(high))


def cost_of(harm: Harm) -> Cost:
    """The one reckoning, for the room, the postmortem and the evidence.

    Revenue at risk: hours x what an hour costs at least and at most x the share hit, by severity. People: hours x a
    rate.
    """
    revenue = _revenue(harm)
    parts = (*((revenue,) if revenue else ()), _work(harm))
    missing = [] if revenue else [say(_("What an hour of this flow costs is not known."))]
    missing.append(_owed(harm.contracts))
    return Cost(
        sum(part.low for part in parts),
        sum(part.high for part in parts),
        revenue is not None,
        parts,
        tuple(missing),
        harm.hour,
    )


def _owed(contracts: int) -> Say:
    if not contracts:
        return say(_("Credits owed by contract and trust lost are not in it."))
    have = Count(contracts, _("{n} customer that is hit"), _("{n} customers that are hit"))
    return say(_("Credits owed by contract to {have} and trust lost are not in it."), have=have)


def _revenue(harm: Harm) -> Part | None:
    least, most, money = harm.hour.least, harm.hour.most, harm.hour.money
    if least is None or most is None or money is None:
        return None
    low, high = SHARE[harm.severity]
    hours = harm.minutes / 60
    return Part(
        _("Revenue at risk"),
        round(hours * least * low),
        round(hours * most * high),
        (
            Assumption(
                say("{minutes}", minutes=Count(harm.minutes, _("{n} minute of impact"), _("{n} minutes of impact"))),
                _minutes_from(harm),
            ),
            Assumption(say(_("{amount} an hour"), amount=money), say(_("from the register of flows"))),
            Assumption(
                say(_("{low} to {high} % of it hit"), low=round(low * 100), high=round(high * 100)),
                say(_("our usual share for SEV{severity}"), severity=harm.severity),
            ),
        ),
    )


def _minutes_from(harm: Harm) -> Say:
    if not harm.dated:
        return say(_("counted from when it was opened: nobody has said yet since when"))
    if harm.came_back:
        return say(_("from the incident’s timeline, without the time in between when it worked"))
    return say(_("from the incident’s timeline"))


def _work(harm: Harm) -> Part:
    work = round(harm.person_hours * harm.rate)
    return Part(
        _("People’s hours"),
        work,
        work,
        (
            Assumption(
                say(_("{hours} hours of people with a role"), hours=f"{harm.person_hours:.1f}"),
                say(_("from when each took it until it was over")),
            ),
            Assumption(say(_("{amount} an hour of work"), amount=Money(harm.rate)), say(_("our usual rate"))),
        ),
    )


def hours_of(spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> float:
    """The hours that spans of time cover together; where they overlap they count once."""
    covered, last = dt.timedelta(0), None
    for since, until in sorted(spans):
        start = since if last is None else max(since, last)
        if until > start:
            covered += until - start
            last = until
    return covered.total_seconds() / 3600


def users_hit(harm: Harm) -> tuple[int, int] | None:
    """How many users met it, as a range; None when users an hour are not known."""
    if harm.users_per_hour is None:
        return None
    low, high = SHARE[harm.severity]
    hours = harm.minutes / 60
    return round(hours * harm.users_per_hour * low), round(hours * harm.users_per_hour * high)
