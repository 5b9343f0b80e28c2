"""Moving in from another system: what becomes here of each thing that was taken from it.

What is said there and can't be said here fails with its reason: nothing is bent until it fits. People are known again
by their mail address, everything by the number the other system gave it, so that a second run makes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from firstcall.kernel.say import Count, Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.path import at_once as steps_of
from firstcall.ready.rules.taken import Call, Cover, Person, Policy, Rota, Service, Taken, Way
from firstcall.ready.rules.turns import Turns, at_once, mark_of, settled, unfit

Noun = Literal["person", "way", "schedule", "override", "path", "component"]
What = Literal["made", "changed", "removed", "skipped", "failed"]
LONGEST_NAME = 120
MOST_WAYS = 5
MOST_LAYERS = 30
LONGEST_OVERRIDE = dt.timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Standing:
    """An override as it stands here: our numbers, the person's name, instants in UTC."""

    schedule: int
    person: int
    name: str
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Here:
    """What is here already. `moved` is from (noun, origin) to our number, of rows that are still there.

    `layers` and `steps`, by our number, are those of schedules and paths that are changed here and not in a file;
    `marks`, by noun and origin, what was kept of each when it moved. `overrides` are by our number.

    `people` is from a mail address in lower case to a number, `open` are those whose account is not closed; `phones`
    and `ways`, all their addresses, are by number.
    """

    moved: Mapping[tuple[str, str], int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    open: frozenset[int] = frozenset()
    phones: Mapping[int, str] = field(default_factory=dict)
    ways: Mapping[int, frozenset[str]] = field(default_factory=dict)
    schedules: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    layers: Mapping[int, tuple[Turns, ...]] = field(default_factory=dict)
    steps: Mapping[int, tuple[Call, ...]] = field(default_factory=dict)
    overrides: Mapping[int, Standing] = field(default_factory=dict)
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)


Thing = Person | Way | Rota | Cover | Policy | Service


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of `thing`, and why. `number` is our row for what was here before.

    A way is of the person with the same `origin`, an override of the schedule `rota`.
    """

    noun: Noun
    origin: str
    name: str
    what: What
    why: Say
    thing: Thing
    number: int | None = None
    rota: str = ""


BEFORE = _("is here already: it was moved before")
OURS = _("was changed here since it moved: it stays as it is")
OVER = _("is over")


def steps_mark(calls: Iterable[Call]) -> str:
    """Tells the steps of a path from any others; they name people and schedules by our numbers."""
    return hashlib.sha256(repr([(one.noun, one.origin, one.wait) for one in calls]).encode()).hexdigest()[:32]


def fitting_name(name: str) -> Say | None:
    """Why a name can't be kept as it is; None: it can."""
    if not name:
        return say(_("has no name"))
    if len(name) > LONGEST_NAME:
        return say(_("has a name of {n} characters; {most} is the most here"), n=len(name), most=LONGEST_NAME)
    return None


TWICE = _("stands there twice")


@dataclass(slots=True)
class _Deciding:
    """Goes through everything in the order in which it is made; `fate` is what became of what others need."""

    taken: Taken
    here: Here
    now: dt.datetime
    fate: dict[tuple[str, str], Line] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    accounts: set[int | None] = field(default_factory=set)

    def _line(
        self, noun: Noun, one: Person | Rota | Policy | Service, what: What, why: Say, number: int | None = None
    ) -> Line:
        line = Line(noun, one.origin, one.name, what, why, one, number)
        self.fate.setdefault((noun, one.origin), line)
        return line

    def lines(self) -> Iterator[Line]:
        for person in self.taken.people:
            yield self.person(person)
        for person in self.taken.people:
            if self.fate["person", person.origin].thing is person:
                yield from self.ways(person)
        for rota in self.taken.rotas:
            yield self.rota(rota)
        for rota in self.taken.rotas:
            if self.fate["schedule", rota.origin].thing is rota:
                yield from self.covers(rota)
        yield from self.gone()
        for policy in self.taken.policies:
            yield self.policy(policy)
        for service in self.taken.services:
            yield self.service(service)

    def person(self, one: Person) -> Line:
        moved, names = self.here.moved.get(("person", one.origin)), self.names.setdefault("person", set())
        number = moved or self.here.people.get(one.mail)
        if ("person", one.origin) in self.fate or (moved is None and one.mail in names) or number in self.accounts:
            return self._line("person", one, "failed", say(TWICE))
        cannot = one.cannot or fitting_name(one.name)
        if cannot is not None:
            return self._line("person", one, "failed", cannot)
        names.add(one.mail)
        self.accounts |= {number} - {None}
        if number is None:
            why = say(_("with the access of a {access}; not invited yet"), access=one.access)
            return self._line("person", one, "made", why)
        if number not in self.here.open:
            why = say(_("has a closed account here: open it again under People first"))
            return self._line("person", one, "failed", why)
        return self._line("person", one, "skipped", say(_("has an account here already")), number)

    def ways(self, one: Person) -> Iterator[Line]:
        owner = self.fate["person", one.origin]
        if owner.what == "failed":
            return
        number = owner.number or 0
        phone, known = self.here.phones.get(number, ""), set(self.here.ways.get(number, ()))
        count = len(known)
        for way in dict.fromkeys(one.ways):
            what: What = "failed"
            if way.kind in ("mail", "phone") and not way.address:
                why = say(_("its address can’t be read"))
            elif way.kind == "phone" and phone in ("", way.address):
                what = "skipped" if phone else "made"
                why = say(_("is here already")) if phone else say(_("as the number to dial"))
                phone = way.address
            elif way.kind == "phone":
                why = say(_("a second number: here a person has one"))
            elif way.kind != "mail":
                why = say(_("Firstcall can’t reach people by {kind}"), kind=way.kind)
            elif way.address in known:
                what, why = "skipped", say(_("is here already"))
            elif count >= MOST_WAYS:
                why = say(_("more than {n} ways"), n=MOST_WAYS)
            else:
                what, why, count = "made", say(_("counts once they have typed in a code")), count + 1
            name = f"{one.name}, {way.address}" if way.kind in ("mail", "phone") and way.address else one.name
            yield Line("way", one.origin, name, what, why, way)

    def _unmade(self, noun: str, origin: str) -> Say | None:
        """Why something that is needed won't be there; None: it will."""
        line = self.fate.get((noun, origin))
        if line is None:
            return say(_("names somebody or something that was not read"))
        if line.what == "failed" and line.number is None:
            return say(_("needs {name}, which can’t be moved"), name=line.name)
        return None

    def _named(self, noun: Noun, one: Rota | Policy | Service, taken: frozenset[str]) -> Line | None:
        """What becomes of a thing with a name of its own as far as that is decided by it; None: go on."""
        number, names = self.here.moved.get((noun, one.origin)), self.names.setdefault(noun, set(taken))
        if (noun, one.origin) in self.fate:
            return self._line(noun, one, "failed", say(TWICE))
        if number is not None:
            return self._line(noun, one, "skipped", say(BEFORE), number)
        cannot = one.cannot or fitting_name(one.name)
        if cannot is None and one.name in names:
            cannot = say(_("there is another of this name already: rename one of them"))
        return None if cannot is None else self._line(noun, one, "failed", cannot)

    def _kept(self, noun: Noun, one: Rota | Policy | Service, why: Say) -> Line:
        self.names[noun].add(one.name)
        return self._line(noun, one, "made", why)

    def _follow(self, decided: Line, *, same: bool, kept: bool, cannot: Say | None, why: Say) -> Line:
        """What becomes of one that has moved before: it follows theirs until somebody changes it here.

        `same`: both are alike. `kept`: ours is as it moved.
        """
        if same:
            return decided
        if not kept:
            line = replace(decided, why=say(OURS))
        elif cannot is not None:
            line = replace(decided, what="failed", why=cannot)
        else:
            line = replace(decided, what="changed", why=why)
        self.fate[line.noun, line.origin] = line
        return line

    def rota(self, one: Rota) -> Line:
        decided = self._named("schedule", one, self.here.schedules)
        ours = None if decided is None or decided.number is None else self.here.layers.get(decided.number)
        if decided is not None and ours is None:
            return decided
        cannot = one.cannot or self._crew(one)
        layers = Count(len(one.turns), _("{n} layer"), _("{n} layers"))
        if decided is not None and ours is not None:
            members = [tuple(self._number("person", origin) for origin in turns.members) for turns in one.turns]
            same = cannot is None and tuple(map(settled, one.turns, members)) == ours
            kept = mark_of(ours) == self.here.marks.get(("schedule", one.origin))
            why = say(_("has changed there: {layers}, by the clock of {zone}"), layers=layers, zone=one.zone)
            return self._follow(decided, same=same, kept=kept, cannot=cannot, why=why)
        if cannot is not None:
            return self._line("schedule", one, "failed", cannot)
        why = say(_("{layers}, by the clock of {zone}"), layers=layers, zone=one.zone)
        return self._kept("schedule", one, why)

    def _crew(self, one: Rota) -> Say | None:
        """Why its layers can't be ours; None: they can."""
        cannot = None if one.turns else say(_("has nobody who takes turns in it"))
        if len(one.turns) > MOST_LAYERS:
            return say(_("has {n} layers; {most} is the most here"), n=len(one.turns), most=MOST_LAYERS)
        for member in [origin for turns in one.turns for origin in turns.members]:
            cannot = cannot or self._unmade("person", member)
        for turns in one.turns:
            cannot = cannot or unfit(turns)
        return cannot or at_once(one.turns)

    def _number(self, noun: str, origin: str) -> str:
        """Our number of a person or schedule; of one that is made only now a word that is nobody's."""
        line = self.fate.get((noun, origin))
        return f"new {origin}" if line is None or line.number is None else str(line.number)

    def covers(self, rota: Rota) -> Iterator[Line]:
        for one in rota.covers:
            person = self.fate.get(("person", one.person))
            name = f"{rota.name}, {person.name}" if person else rota.name
            number = self.here.moved.get(("override", one.origin))
            what, why = self._cover(rota, one, self.here.overrides.get(number or 0))
            line = Line("override", one.origin, name, what, why, one, number, rota.origin)
            self.fate.setdefault(("override", one.origin), line)
            yield line

    def _cover(self, rota: Rota, one: Cover, ours: Standing | None) -> tuple[What, Say]:
        if ("override", one.origin) in self.fate:
            return "failed", say(TWICE)
        if ours is not None:
            # When it began counts only until then: some tell of what is going on as if it began when they were asked.
            theirs = (self._number("schedule", rota.origin), self._number("person", one.person))
            spans = [
                (max(starts, self.now), ends) for starts, ends in ((one.starts, one.ends), (ours.starts, ours.ends))
            ]
            if theirs == (str(ours.schedule), str(ours.person)) and spans[0] == spans[1]:
                return "skipped", say(BEFORE)
            if ours.ends <= self.now:
                return "skipped", say(OVER)
            if one.ends <= self.now:
                return "removed", self._ended(ours)
        if one.ends <= self.now or one.ends <= one.starts:
            return "skipped", say(OVER)
        cannot = one.cannot or self._unmade("schedule", rota.origin) or self._unmade("person", one.person)
        if cannot is None and one.ends - one.starts > LONGEST_OVERRIDE:
            cannot = say(_("lasts longer than three months: that is a rotation"))
        if cannot is not None:
            return "failed", cannot
        if ours is not None:
            return "changed", say(_("has changed there: from {starts} until {ends}"), starts=one.starts, ends=one.ends)
        return "made", say(_("from {starts} until {ends}"), starts=one.starts, ends=one.ends)

    def _ended(self, ours: Standing) -> Say:
        if ours.starts < self.now:
            return say(_("is not there any more: it ends now, not at {ends}"), ends=ours.ends)
        return say(_("is not there any more: from {starts} until {ends}"), starts=ours.starts, ends=ours.ends)

    def gone(self) -> Iterator[Line]:
        """What came from there and is there no more, as far as a schedule told all it has."""
        told = {
            line.number: line.thing
            for (noun, _origin), line in self.fate.items()
            if noun == "schedule" and line.number is not None and isinstance(line.thing, Rota)
        }
        for (noun, origin), number in self.here.moved.items():
            ours = self.here.overrides.get(number) if noun == "override" else None
            rota = told.get(ours.schedule) if ours else None
            if ours is None or rota is None or rota.covers_until is None or ("override", origin) in self.fate:
                continue
            if self.now < ours.ends and ours.starts < rota.covers_until:
                thing = Cover(origin, str(ours.person), ours.starts, ours.ends)
                name = f"{rota.name}, {ours.name}"
                yield Line("override", origin, name, "removed", self._ended(ours), thing, number, rota.origin)

    def policy(self, one: Policy) -> Line:
        decided = self._named("path", one, self.here.paths)
        ours = None if decided is None or decided.number is None else self.here.steps.get(decided.number)
        if decided is not None and ours is None:
            return decided
        cannot = one.cannot or (None if one.calls else say(_("pages nobody")))
        for number, call in enumerate(one.calls, 1):
            cannot = cannot or self._unmade(call.noun, call.origin)
            if not (1 if number == len(one.calls) else 0) <= call.wait <= 240:
                cannot = cannot or say(_("waits {n} minutes for an answer; here it is 1 to 240"), n=call.wait)
        steps = Count(len(steps_of([call.wait for call in one.calls])), _("{n} step"), _("{n} steps"))
        if decided is not None and ours is not None:
            theirs = tuple(replace(call, origin=self._number(call.noun, call.origin)) for call in one.calls)
            kept = steps_mark(ours) == self.here.marks.get(("path", one.origin))
            why = say(_("has changed there: {steps}"), steps=steps)
            return self._follow(decided, same=cannot is None and theirs == ours, kept=kept, cannot=cannot, why=why)
        if cannot is not None:
            return self._line("path", one, "failed", cannot)
        return self._kept("path", one, say(_("{steps}; no flow goes along it yet"), steps=steps))

    def service(self, one: Service) -> Line:
        decided = self._named("component", one, self.here.components)
        if decided is not None:
            return decided
        why = say(_("as a part of ours"))
        if one.path:
            why = say(_("as a part of ours; its path ‘{path}’ has to be given to a flow"), path=one.path)
        return self._kept("component", one, why)


def decide_moves(taken: Taken, here: Here, *, now: dt.datetime) -> tuple[Line, ...]:
    """What becomes of everything, in the order in which it is made: what is needed comes before who needs it."""
    return tuple(_Deciding(taken, here, now).lines())
