"""Holes in who answers: gaps, paths that end nowhere, people who can't be reached."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import Count, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.cost import whole_hours
from firstcall.ready.rules.holes.facts import GapFacts, PathFacts, PersonFacts, Prepared, ScheduleFacts
from firstcall.ready.rules.holes.hole import Hole, Looked


def people_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each schedule, each path, and each person on one of them."""
    dearest = max((flow.cost_per_hour or 0 for flow in prepared.flows), default=0)
    for schedule in prepared.schedules:
        for gap in schedule.gaps:
            yield "people", _gap(schedule, gap, dearest)
        if not schedule.gaps:
            yield "people", None
    for path in prepared.paths:
        price = say(
            _("If {first} does not answer, the path ends after {wait}."), first=path.first,
            wait=Count(path.wait_minutes, _("{n} minute"), _("{n} minutes")),
        )  # fmt: skip
        sentence = say(_("Nobody stands behind {first} on {path}."), first=path.first, path=path.name)
        hole = Hole(
            f"behind:{path.number}", "people", sentence, price, "path_edit", str(path.number), say(_("Name someone")),
            0, dearest,
        )  # fmt: skip
        yield "people", None if path.behind else hole
        yield from _path(path, dearest)
    for person in prepared.people:
        yield from _person(person, dearest)


def _path(path: PathFacts, dearest: int) -> Iterator[Looked]:
    """Steps that wake nobody."""
    empty = [
        *((_("{path} pages {name}, who left."), name) for name in path.left),
        *((_("{path} pages {name}, where nobody is on call."), name) for name in path.hollow),
    ]
    for sentence, name in empty:
        yield "people", Hole(
            f"step:{path.number}:{name}"[:120], "people", say(sentence, path=path.name, name=name),
            say(_("That step wakes nobody.")), "path_edit", str(path.number), say(_("Name someone")), 0, dearest,
        )  # fmt: skip
    if not empty:
        yield "people", None


def _person(person: PersonFacts, dearest: int) -> Iterator[Looked]:
    """How somebody who answers can be reached."""
    way = Hole(
        f"way:{person.number}", "people", say(_("{name} has verified no way of being paged."), name=person.name),
        say(_("Pages go to the mail address of the account, and nobody knows whether it wakes.")), "person",
        str(person.number), say(_("Ask {name}"), name=person.name), 0, dearest,
    )  # fmt: skip
    yield "people", None if person.verified else way
    phone = Hole(
        f"call:{person.number}", "people", say(_("{name} answers at night and has no telephone number."),
        name=person.name), say(_("Nobody can ring.")), "person", str(person.number),
        say(_("Ask {name}"), name=person.name), 1, 0,
    )  # fmt: skip
    yield "people", None if person.has_phone else phone


def _gap(schedule: ScheduleFacts, gap: GapFacts, dearest: int) -> Hole:
    verb = say(_("Fill the shift"))
    if gap.ends is None:
        sentence = say(
            _("Nobody is on call for {schedule} from {starts} on."), schedule=schedule.name, starts=gap.starts
        )
        price = say(_("What breaks then waits until somebody looks."))
        return Hole(
            f"gap:{schedule.number}", "people", sentence, price, "schedule", str(schedule.number), verb, 0, dearest
        )
    hours = whole_hours(gap.ends - gap.starts)
    if gap.every:
        sentence = say(_("{when}: nobody is on call for {schedule}."), when=gap.every, schedule=schedule.name)
    else:
        sentence = say(
            _("Nobody is on call for {schedule} from {starts} until {ends}."),
            schedule=schedule.name, starts=gap.starts, ends=gap.ends,
        )  # fmt: skip
    long = Count(hours, _("{n} hour"), _("{n} hours"))
    price = say(_("What breaks then waits up to {hours}."), hours=long)
    if gap.cost.most:
        price = say(_("What breaks then waits up to {hours}: about {cost}."), hours=long, cost=gap.cost.money)
    key, ends = f"gap:{schedule.number}:{gap.key}", None if gap.every else gap.ends
    return Hole(key, "people", sentence, price, "schedule", str(schedule.number), verb, 0, dearest, ends)
