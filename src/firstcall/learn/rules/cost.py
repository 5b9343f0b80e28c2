"""What an incident cost: a range, with every assumption named. Nothing is invented: what is not known is said."""

from __future__ import annotations

from dataclasses import dataclass

from firstcall.kernel.say import mark as _

SHARE = {1: (0.6, 1.0), 2: (0.2, 0.6), 3: (0.02, 0.2), 4: (0.0, 0.02)}
RATE = 80  # an hour of a person's work, in units of the currency


@dataclass(frozen=True, slots=True)
class Harm:
    """`minutes` of impact, `people` who worked on it and for how many `hours` together."""

    severity: int
    minutes: float
    cost_per_hour: int | None
    users_per_hour: int | None
    person_hours: float
    rate: int = RATE


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the cost, in whole units of the currency, and what it rests on."""

    name: str
    low: int
    high: int
    assumption: str


@dataclass(frozen=True, slots=True)
class Cost:
    """`low` to `high`; `missing` says what is not in it because nobody knows."""

    low: int
    high: int
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


def cost_of(harm: Harm) -> Cost:
    """Revenue at risk: hours x what an hour costs x the share hit, by severity. People: hours x a rate."""
    parts, missing = [], []
    low, high = SHARE[harm.severity]
    hours = harm.minutes / 60
    if harm.cost_per_hour is None:
        missing.append(_("What an hour of this flow costs is not known."))
    else:
        parts.append(
            Part(
                _("Revenue at risk"),
                round(hours * harm.cost_per_hour * low),
                round(hours * harm.cost_per_hour * high),
                _("{minutes} minutes at {cost} an hour; SEV{severity} stops {low} to {high} % of it").format(
                    minutes=round(harm.minutes), cost=f"{harm.cost_per_hour:,}", severity=harm.severity,
                    low=round(low * 100), high=round(high * 100),
                ),
            )
        )  # fmt: skip
    work = round(harm.person_hours * harm.rate)
    parts.append(
        Part(
            _("People's hours"), work, work,
            _("{hours} hours of people with a role, at {rate} an hour").format(
                hours=f"{harm.person_hours:.1f}", rate=harm.rate
            ),
        )
    )  # fmt: skip
    missing.append(_("Credits owed by contract and trust lost are not in it."))
    return Cost(sum(part.low for part in parts), sum(part.high for part in parts), tuple(parts), tuple(missing))


def users_hit(harm: Harm) -> tuple[int, int] | None:
    """How many users met it, as a range; None when users an hour are not known."""
    if harm.users_per_hour is None:
        return None
    low, high = SHARE[harm.severity]
    hours = harm.minutes / 60
    return round(hours * harm.users_per_hour * low), round(hours * harm.users_per_hour * high)
