"""Who would hold each role at an instant, whether they have accepted it, and the hours in which nobody would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.schedule import OverrideFacts, RotationFacts, holder, shifts
from firstcall.ready.rules.window import Window, is_within, spans

LASTS = dt.timedelta(days=90)  # an acceptance; then its person is asked again

EMPTY = {
    "owner": _("nobody owns what breaks"),
    "technical_lead": _("nobody leads the technical work"),
    "communications_lead": _("nobody speaks to customers"),
    "support_liaison": _("nobody keeps support informed"),
    "leadership_liaison": _("nobody keeps leadership informed"),
}
UNACCEPTED = {
    "owner": _("{name} would own what breaks, and has not accepted it"),
    "technical_lead": _("{name} would lead the technical work, and has not accepted it"),
    "communications_lead": _("{name} would speak to customers, and has not accepted it"),
    "support_liaison": _("{name} would keep support informed, and has not accepted it"),
    "leadership_liaison": _("{name} would keep leadership informed, and has not accepted it"),
}


@dataclass(frozen=True, slots=True)
class Rota:
    """A schedule, for whoever is on call on it."""

    name: str
    rotations: tuple[RotationFacts, ...]
    overrides: tuple[OverrideFacts, ...]


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A role of a flow, a team, or neither: the whole organisation. `who` and `deputy` are a person or a schedule."""

    id: int
    role: str
    who: int | Rota
    deputy: int | Rota | None = None
    flow: int | None = None
    team: int | None = None
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something breaks: a flow and the team it belongs to; neither: somewhere not known."""

    flow: int | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Who would hold a role. `user` None: nobody. `duty` is what names them, `deputy`: in the other's place."""

    role: str
    user: int | None
    duty: int | None
    deputy: bool
    accepted: bool
    reason: Say


@dataclass(frozen=True, slots=True)
class Duties:
    """All there is to know: the duties, when each person accepted each, who has an account, the organisation's zone."""

    duties: tuple[DutyFacts, ...]
    accepted: Mapping[tuple[int, int], dt.datetime]
    living: frozenset[int]
    zone: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same answer for one role from `starts` until before `ends`."""

    named: Named
    starts: dt.datetime
    ends: dt.datetime


def is_accepted(accepted_at: dt.datetime | None, *, at: dt.datetime) -> bool:
    """Whether an 'I take this' still counts at an instant: for 90 days."""
    return accepted_at is not None and at < accepted_at + LASTS


def is_to_ask(asked_at: dt.datetime | None, accepted_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Once, and again 90 days after they were asked or said so, whichever is later."""
    known = [one for one in (asked_at, accepted_at) if one is not None]
    return not known or now >= max(known) + LASTS


def _nearest(known: Duties, role: str, place: Place, *, at: dt.datetime) -> list[DutyFacts]:
    """The duties that count: of the flow, then of its team, then of everybody; those of certain hours before others."""

    def distance(duty: DutyFacts) -> int | None:
        if duty.flow is not None:
            return 0 if duty.flow == place.flow else None
        if duty.team is not None:
            return 1 if duty.team == place.team else None
        return 2

    found = [
        (far, not duty.windows, duty.id, duty)
        for duty in known.duties
        if duty.role == role and (far := distance(duty)) is not None and is_within(duty.windows, known.zone, at=at)
    ]
    return [duty for *_order, duty in sorted(found, key=lambda one: one[:3])]


def _present(who: int | Rota | None, known: Duties, *, at: dt.datetime) -> int | None:
    user = holder(who.rotations, who.overrides, at=at) if isinstance(who, Rota) else who
    return user if user in known.living else None


def named(known: Duties, role: str, place: Place, *, at: dt.datetime) -> Named:
    """The nearest duty that has somebody, its own person before the deputy. Nobody: the reason says what is missing."""
    duties = _nearest(known, role, place, at=at)
    for duty in duties:
        for who, deputy in ((duty.who, False), (duty.deputy, True)):
            user = _present(who, known, at=at)
            if user is not None:
                accepted = is_accepted(known.accepted.get((duty.id, user)), at=at)
                return Named(role, user, duty.id, deputy, accepted, _reason(duty, who, deputy=deputy))
    if duties:
        return Named(role, None, duties[0].id, False, False, say(_("Whoever is named has left or is not on call.")))
    return Named(role, None, None, False, False, say(_("Nobody is named.")))


def _reason(duty: DutyFacts, who: int | Rota | None, *, deputy: bool) -> Say:
    if deputy:
        return say(_("The deputy: whoever is named first has left or is not on call."))
    if isinstance(who, Rota):
        return say(_("On call for {schedule}."), schedule=who.name)
    if duty.flow is not None:
        return say(_("Named for this flow."))
    return say(_("Named for the team.")) if duty.team is not None else say(_("Named for everything."))


def _moments(known: Duties, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Every instant in between at which an answer may change."""
    for duty in known.duties:
        for span in spans(duty.windows, known.zone, start=start, end=end):
            yield span.starts
            yield span.ends
        for who in (duty.who, duty.deputy):
            if isinstance(who, Rota):
                yield from (held.starts for held in shifts(who.rotations, who.overrides, start=start, end=end))
    for accepted_at in known.accepted.values():
        yield accepted_at + LASTS


def stretches(
    known: Duties, roles: Iterable[str], place: Place, *, start: dt.datetime, end: dt.datetime
) -> dict[str, list[Stretch]]:
    """Who would hold each role from `start` until `end`, without gaps, neighbours of one answer joined."""
    inside = {moment for moment in _moments(known, start, end) if start < moment < end}
    moments: Sequence[dt.datetime] = sorted({start, end} | inside)
    found: dict[str, list[Stretch]] = {}
    for role in roles:
        mine = found.setdefault(role, [])
        for begin, until in pairwise(moments):
            one = named(known, role, place, at=begin)
            if mine and mine[-1].named == one:
                mine[-1] = Stretch(one, mine[-1].starts, until)
            else:
                mine.append(Stretch(one, begin, until))
    return found
