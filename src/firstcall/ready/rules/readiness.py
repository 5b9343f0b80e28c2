"""How much of what was prepared holds: every hole of every topic, what would cost most tonight first."""

from __future__ import annotations

from dataclasses import dataclass, field

from firstcall.ready.rules.holes.facts import Prepared
from firstcall.ready.rules.holes.flow import flow_holes
from firstcall.ready.rules.holes.hole import TOPICS, Hole, Looked, Topic
from firstcall.ready.rules.holes.lane import lane_holes
from firstcall.ready.rules.holes.need import need_holes
from firstcall.ready.rules.holes.people import people_holes
from firstcall.ready.rules.holes.role import role_holes
from firstcall.ready.rules.holes.upkeep import upkeep_holes
from firstcall.ready.rules.holes.word import word_holes

LOOKS = (flow_holes, people_holes, role_holes, lane_holes, need_holes, word_holes, upkeep_holes)


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


def readiness_of(prepared: Prepared) -> Readiness:
    """Look at each thing: it holds, or it is a hole."""
    looked: list[Looked] = [one for look in LOOKS for one in look(prepared)]
    holes = [hole for _topic, hole in looked if hole is not None]
    shares = []
    for topic in TOPICS:
        mine = [hole for of, hole in looked if of == topic]
        shares.append(Share(topic, mine.count(None), len(mine)))
    order = sorted(holes, key=lambda hole: (-hole.cost, hole.rank, hole.sentence.text, str(hole.sentence.facts)))
    return Readiness(tuple(order), tuple(shares))
