"""The four first questions, answered from the facts at hand: what broke, who is hit, who must hear, how bad.

An answer that isn't known says so plainly; it is never guessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.kernel.say import Count, MoneyRange, Say, Term, say
from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Likely:
    """A likely origin: what it is, what it says or did, since when."""

    name: str
    says: str
    since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that was changed, and when (UTC)."""

    title: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """An audience's clock: `label` is its name, `last_at` the last word, `due_at` the next promised or owed one.

    `nobody`: a word to it would reach nobody.
    """

    label: str
    last_at: dt.datetime | None
    due_at: dt.datetime | None
    late: bool
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the product holds about one incident. None or "" is 'not known'."""

    flow: str = ""
    symptom: str = ""
    error: str = ""
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    cause: str = ""
    onset: str = ""
    alerts: int = 0
    reports: int = 0
    likely: Likely | None = None
    changes: tuple[Changed, ...] = ()  # of what the flow needs, in the day before it began, the last first
    customers_hit: int | None = None
    customers_all: int = 0
    contracts: int = 0
    users_per_hour: int | None = None
    told_us: tuple[str, ...] = ()
    hit_named: tuple[str, ...] = ()  # customers a person named as hit
    hit_others: str = ""
    clocks: tuple[Clock, ...] = ()
    to_call: tuple[str, ...] = ()
    untold: str = ""  # it is over, and these were not told so
    severity: int = 4
    severity_reason: str = ""
    hour: MoneyRange | None = None
    cost: MoneyRange | None = None  # so far, or in all once it is over
    workaround: str = ""
    in_peak: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`said` is the fact, `softer` what follows, `more` what opens below. `known` is False for 'not known yet'."""

    question: str
    known: bool
    said: Say
    softer: tuple[Say, ...] = ()
    more: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The four in their order, and what is not known yet in words."""

    broke: Answer
    hit: Answer
    hear: Answer
    bad: Answer
    unknown: tuple[Say, ...]

    @property
    def all(self) -> tuple[Answer, ...]:
        return (self.broke, self.hit, self.hear, self.bad)


QUESTIONS = (_("What broke"), _("Who is hit"), _("Who must hear"), _("How bad"))
NOT_KNOWN = _("Not known yet.")
MOST_NAMED = 3


def _signals(facts: Facts) -> tuple[Say, ...]:
    alerts = Count(facts.alerts, _("{n} alert"), _("{n} alerts"))
    reports = Count(facts.reports, _("{n} report"), _("{n} reports"))
    if facts.alerts and facts.reports:
        return (say(_("From {alerts} and {reports}."), alerts=alerts, reports=reports),)
    if facts.alerts:
        return (say(_("From {alerts}; nobody has reported it yet."), alerts=alerts),)
    if facts.reports:
        return (say(_("From {reports}; no alert has fired."), reports=reports),)
    return ()


def what_broke(facts: Facts) -> Answer:
    """Symptom and flow, then the likely origin, then how many signals say so."""
    signals = _signals(facts)
    softer: list[Say] = []
    if facts.likely and facts.likely.since:
        softer.append(
            say(
                _("Likely {name}: {says} since {since}."),
                name=facts.likely.name,
                says=facts.likely.says,
                since=facts.likely.since,
            )
        )
    elif facts.likely:
        softer.append(say(_("Likely {name}: {says}."), name=facts.likely.name, says=facts.likely.says))
    else:
        softer.extend(signals)
    more = [*signals] if facts.likely else []
    if facts.changes:
        last = facts.changes[0]
        softer.append(say(_("Last change: {title}, {at}."), title=last.title, at=last.at))
    more.extend(say(_("Changed before: {title}, {at}."), title=one.title, at=one.at) for one in facts.changes[1:])
    if facts.error:
        more.append(say(_("Exact error: {error}."), error=facts.error))
    if facts.cause:
        more.append(say(_("Why: {cause}."), cause=Term(facts.cause)))
    if facts.onset:
        words = _("It struck at once.") if facts.onset == "sudden" else _("It built up.")
        more.append(say(words))
    if facts.symptom and facts.flow:
        said = say(_("{symptom} at ‘{flow}’."), symptom=Term(facts.symptom), flow=facts.flow)
    elif facts.flow:
        said = say(_("Something at ‘{flow}’; what, is not known yet."), flow=facts.flow)
    elif facts.symptom:
        said = say(_("{symptom}. Which flow, is not known yet."), symptom=Term(facts.symptom))
    else:
        return Answer(QUESTIONS[0], False, say(NOT_KNOWN), tuple(softer), tuple(more))
    return Answer(QUESTIONS[0], True, said, tuple(softer), tuple(more))


def who_is_hit(facts: Facts) -> Answer:
    """Who was named; else how many customers use the flow, how many told us, how many have contracts."""
    softer: list[Say] = []
    if facts.hit_others:
        softer.append(say("{others}.", others=facts.hit_others.rstrip(".")))
    if facts.users_per_hour:
        users = Count(facts.users_per_hour, _("About {n} user an hour."), _("About {n} users an hour."))
        softer.append(say("{users}", users=users))
    if facts.contracts:
        have = Count(facts.contracts, _("{n} has a contract."), _("{n} have contracts."))
        softer.append(say("{have}", have=have))
    more: list[Say] = []
    if facts.told_us:
        more.append(say(_("Told us themselves: {names}."), names=", ".join(facts.told_us)))
    if len(facts.hit_named) > MOST_NAMED:
        more.append(say(_("Hit: {names}."), names=", ".join(facts.hit_named)))
    said, known = _hit_said(facts), True
    if said is None and facts.hit_others:
        said = softer.pop(0)
    elif said is None:
        known, said = False, say(NOT_KNOWN)
        if facts.customers_hit == 0:
            softer.insert(0, say(_("No customer is listed for ‘{flow}’."), flow=facts.flow))
    return Answer(QUESTIONS[1], known, said, tuple(softer), tuple(more))


def _hit_said(facts: Facts) -> Say | None:
    """In one line who is hit; None when nobody has said and nothing tells."""
    named = facts.hit_named
    if len(named) > MOST_NAMED:
        return say(_("{first} and {n} more."), first=", ".join(named[:MOST_NAMED]), n=len(named) - MOST_NAMED)
    if named:
        return say("{names}.", names=", ".join(named))
    if facts.customers_hit:
        return say(_("Up to {hit} of {all} customers."), hit=facts.customers_hit, all=facts.customers_all)
    if facts.told_us:
        told = Count(len(facts.told_us), _("{n} customer told us."), _("{n} customers told us."))
        return say("{told}", told=told)
    return None


def _clock_said(clock: Clock) -> Say:
    if clock.late and clock.due_at:
        return say(_("{who} was due {at}."), who=Term(clock.label), at=clock.due_at)
    return say(_("{who} by {at}."), who=Term(clock.label), at=clock.due_at)


def _others(clocks: list[Clock]) -> Say:
    """'Public 23:25, Support 23:32.'"""
    facts: dict[str, object] = {}
    for n, clock in enumerate(clocks):
        facts |= {f"who{n}": Term(clock.label), f"at{n}": clock.due_at}
    return Say(", ".join(f"{{who{n}}} {{at{n}}}" for n in range(len(clocks))) + ".", facts)


def _told(clock: Clock) -> Say:
    if clock.last_at:
        return say(_("{who}: told {at}."), who=Term(clock.label), at=clock.last_at)
    if clock.nobody:
        return say(_("{who}: not told yet, and a word would reach nobody."), who=Term(clock.label))
    return say(_("{who}: not told yet."), who=Term(clock.label))


def who_must_hear(facts: Facts) -> Answer:
    """The audience whose word is due first, then the others, then who is not called."""
    due = sorted((clock for clock in facts.clocks if clock.due_at), key=lambda clock: str(clock.due_at))
    more = [_told(clock) for clock in facts.clocks]
    softer = [_others(due[1:])] if len(due) > 1 else []
    if facts.to_call:
        calls = Count(len(facts.to_call), _("{n} customer not called."), _("{n} customers not called."))
        softer.append(
            say(_("{name} not called."), name=facts.to_call[0])
            if len(facts.to_call) == 1
            else say("{calls}", calls=calls)
        )
        more.append(say(_("To call: {names}."), names=", ".join(facts.to_call)))
    if due:
        return Answer(QUESTIONS[2], True, _clock_said(due[0]), tuple(softer), tuple(more))
    if facts.untold:
        said = say(_("That it works again: {who}."), who=facts.untold)
        return Answer(QUESTIONS[2], True, said, tuple(softer), tuple(more))
    if facts.clocks:
        return Answer(QUESTIONS[2], True, say(_("No word is due.")), tuple(softer), tuple(more))
    return Answer(QUESTIONS[2], False, say(NOT_KNOWN), tuple(softer), ())


def how_bad(facts: Facts) -> Answer:
    """The severity with its reason, then what it costs, then the way round."""
    softer: list[Say] = []
    if facts.hour is not None and facts.cost is not None and facts.cost.high:
        so_far = (
            _("About {hour} an hour; {cost} in all.") if facts.ended_at else _("About {hour} an hour; {cost} so far.")
        )
        softer.append(say(so_far, hour=facts.hour, cost=facts.cost))
    elif facts.hour is not None:
        softer.append(say(_("About {hour} an hour."), hour=facts.hour))
    more: list[Say] = []
    if facts.in_peak:
        more.append(say(_("It is the peak of this flow.")))
    if facts.workaround:
        more.append(say(_("A way round: {workaround}."), workaround=facts.workaround.rstrip(".")))
    elif facts.flow:
        more.append(say(_("No way round is written down for ‘{flow}’."), flow=facts.flow))
    if facts.severity_reason:
        said = say(_("SEV{severity}: {reason}."), severity=facts.severity, reason=facts.severity_reason.rstrip("."))
    else:
        said = say(_("SEV{severity}."), severity=facts.severity)
    return Answer(QUESTIONS[3], True, said, tuple(softer), tuple(more))


def what_is_unknown(facts: Facts) -> tuple[Say, ...]:
    """What nobody has said yet, in the order it helps."""
    missing: list[Say] = []
    if not facts.flow:
        missing.append(say(_("which flow is hit")))
    if not facts.symptom:
        missing.append(say(_("what people see")))
    if not facts.started_at:
        missing.append(say(_("since when")))
    if not facts.error:
        missing.append(say(_("the exact error")))
    if not facts.likely and not facts.cause:
        missing.append(say(_("where it comes from")))
    if facts.flow and facts.hour is None:
        missing.append(say(_("what an hour costs")))
    return tuple(missing)


def answer_questions(facts: Facts) -> Answers:
    """All four, with what is not known yet."""
    return Answers(what_broke(facts), who_is_hit(facts), who_must_hear(facts), how_bad(facts), what_is_unknown(facts))
