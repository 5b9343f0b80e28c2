"""Holes in what was prepared, as facts with a price: what would cost most tonight comes first. And how much holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from firstcall.kernel.say import Count, Money, Say, say
from firstcall.kernel.say import mark as _

RANK = {"critical": 0, "important": 1, "minor": 2}
Topic = Literal["people", "needs", "alerts", "words"]
TOPICS: dict[Topic, str] = {
    "people": _("Who answers"),
    "needs": _("What we depend on"),
    "alerts": _("Alerts"),
    "words": _("Words, figures and numbers"),
}


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """One flow as far as readiness asks; the one path there is counts as the path of each that has none."""

    slug: str
    name: str
    criticality: str
    has_path: bool
    cost_per_hour: int | None
    has_owner: bool = True
    has_repair: bool = True
    has_words: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call on a schedule from `starts` until `ends`; None: for as far as one can look."""

    starts: dt.datetime
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """A schedule with the gaps of the coming days."""

    number: int
    name: str
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A path: whom it pages first, how many others stand behind, and how long the first has in minutes."""

    number: int
    name: str
    first: str
    behind: int
    wait_minutes: int


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A third party that flows stop with. `bare` names the part or flow that needs it without any fallback ("": each
    has one), `page` and `slug` where that is written down, `stops` the slugs of the flows that stop."""

    number: int
    name: str
    bare: str
    page: str
    slug: str
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer with a contract."""

    number: int
    name: str
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is looked at. `sources` is how many sources of alerts there are."""

    flows: tuple[FlowFacts, ...] = ()
    schedules: tuple[ScheduleFacts, ...] = ()
    paths: tuple[PathFacts, ...] = ()
    providers: tuple[ProviderFacts, ...] = ()
    customers: tuple[CustomerFacts, ...] = ()
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Hole:
    """`key` names it from one day to the next. `page` is the name of the page that mends it, `slug` what that takes,
    `verb` what is done there. `cost` an hour orders: 0 is not known. One that ends by itself does so at `ends`."""

    key: str
    topic: Topic
    sentence: Say
    price: Say | None
    page: str
    slug: str
    verb: Say
    rank: int
    cost: int
    ends: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the things of one topic hold."""

    topic: Topic
    holds: int
    of: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every hole, the dearest first, and the count by topic: each thing that holds counts one."""

    holes: tuple[Hole, ...]
    shares: tuple[Share, ...] = field(default=())

    @property
    def holds(self) -> int:
        return sum(share.holds for share in self.shares)

    @property
    def of(self) -> int:
        return sum(share.of for share in self.shares)

    @property
    def score(self) -> int | None:
        """In a hundred, rounded down, so that only a whole one is a hundred. None when there is nothing to look at."""
        return self.holds * 100 // self.of if self.of else None


Looked = tuple[Topic, Hole | None]


def readiness_of(prepared: Prepared) -> Readiness:
    """Look at each thing: it holds, or it is a hole."""
    looked: list[Looked] = [*_flows(prepared), *_people(prepared), *_needs(prepared), *_contacts(prepared)]
    holes = [hole for _topic, hole in looked if hole is not None]
    shares = []
    for topic in TOPICS:
        mine = [hole for of, hole in looked if of == topic]
        shares.append(Share(topic, mine.count(None), len(mine)))
    order = sorted(holes, key=lambda hole: (-hole.cost, hole.rank, hole.sentence.text, str(hole.sentence.facts)))
    return Readiness(tuple(order), tuple(shares))


def _an_hour(cost: int | None) -> Say | None:
    return None if not cost else say(_("About {cost} an hour."), cost=Money(cost))


def _flows(prepared: Prepared) -> Iterator[Looked]:
    for flow in prepared.flows:
        rank, cost = RANK[flow.criticality], flow.cost_per_hour or 0
        if rank == 2:
            continue
        asked: tuple[tuple[str, Topic, bool, str, Say | None, str, int], ...] = (
            ("path", "people", flow.has_path, _("Nobody is woken for {flow}: it has no escalation path."),
             _an_hour(cost), _("Name a path"), cost),
            ("owner", "people", flow.has_owner, _("Nobody owns {flow}."),
             say(_("At night it is not clear who decides.")), _("Name someone"), 0),
            ("repair", "people", flow.has_repair, _("Nobody is named who can repair {flow}."),
             say(_("Whoever is woken has to search first.")), _("Name someone"), 0),
            ("words", "words", flow.has_words, _("No words for customers are ready for {flow}."),
             say(_("The first word would be written at night.")), _("Write them"), 0),
        )  # fmt: skip
        for name, topic, holds, sentence, price, verb, worth in asked:
            hole = Hole(
                f"{name}:{flow.slug}", topic, say(sentence, flow=flow.name), price, "flow_edit", flow.slug, say(verb),
                rank, worth,
            )  # fmt: skip
            yield topic, None if holds else hole
        if rank == 0:
            sentence = _("What an hour of {flow} costs is not known.")
            hole = Hole(
                f"cost:{flow.slug}", "words", say(sentence, flow=flow.name), None, "flow_edit", flow.slug,
                say(_("Say what it costs")), rank, 0,
            )  # fmt: skip
            yield "words", hole if flow.cost_per_hour is None else None


def _people(prepared: Prepared) -> Iterator[Looked]:
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


def _gap(schedule: ScheduleFacts, gap: Gap, dearest: int) -> Hole:
    verb = say(_("Fill the shift"))
    if gap.ends is None:
        sentence = say(
            _("Nobody is on call for {schedule} from {starts} on."), schedule=schedule.name, starts=gap.starts
        )
        price = say(_("What breaks then waits until somebody looks."))
        return Hole(f"gap:{schedule.number}", "people", sentence, price, "oncall", "", verb, 0, dearest)
    hours = max(1, round((gap.ends - gap.starts).total_seconds() / 3600))
    sentence = say(
        _("Nobody is on call for {schedule} from {starts} until {ends}."),
        schedule=schedule.name, starts=gap.starts, ends=gap.ends,
    )  # fmt: skip
    price = say(_("What breaks then waits up to {hours}."), hours=Count(hours, _("{n} hour"), _("{n} hours")))
    # One that is under way begins anew with every look, so it is named by its end.
    key = f"gap:{schedule.number}:{gap.ends:%Y-%m-%dT%H:%M}"
    return Hole(key, "people", sentence, price, "oncall", "", verb, 0, dearest, gap.ends)


def _needs(prepared: Prepared) -> Iterator[Looked]:
    flows = {flow.slug: flow for flow in prepared.flows if RANK[flow.criticality] < 2}
    for provider in prepared.providers:
        stopped = [flows[slug] for slug in provider.stops if slug in flows]
        if not stopped:
            continue
        cost = sum(flow.cost_per_hour or 0 for flow in stopped)
        names = [flow.name for flow in stopped]
        more = len(names) - 1
        if more > 2:
            stops = say(
                _("{part} has no fallback; {first} and {more} stop with it."), part=provider.name, first=names[0],
                more=Count(more, _("{n} more flow"), _("{n} more flows")),
            )  # fmt: skip
        elif more:
            stops = say(
                _("{part} has no fallback; {flows} and {last} stop with it."), part=provider.name,
                flows=", ".join(names[:-1]), last=names[-1],
            )  # fmt: skip
        else:
            stops = say(_("{part} has no fallback; {flow} stops with it."), part=provider.name, flow=names[0])
        hole = Hole(
            f"fallback:{provider.number}", "needs", stops, _an_hour(cost), provider.page, provider.slug,
            say(_("Note a fallback of {part}"), part=provider.bare), min(RANK[flow.criticality] for flow in stopped),
            cost,
        )  # fmt: skip
        yield "needs", hole if provider.bare else None


def _contacts(prepared: Prepared) -> Iterator[Looked]:
    for customer in prepared.customers:
        hole = Hole(
            f"phone:{customer.number}", "words",
            say(_("{customer} has a contract but no telephone number."), customer=customer.name),
            say(_("You would look for it at night.")), "customers", "", say(_("Add the number")), 1, 0,
        )  # fmt: skip
        yield "words", None if customer.has_phone else hole
    if prepared.flows:
        dearest = max(flow.cost_per_hour or 0 for flow in prepared.flows)
        sentence = say(_("No source of alerts is connected: customers would notice first."))
        hole = Hole("sources", "alerts", sentence, None, "sources", "", say(_("Connect one")), 0, dearest)
        yield "alerts", None if prepared.sources else hole
