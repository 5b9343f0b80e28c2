"""What the messages of a simulated evening meet: a provider that keeps its own log, which the judge trusts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firstcall.deliver.channels.errors import Failed
from firstcall.deliver.kinds import Parcel, Refusal, Sent

if TYPE_CHECKING:
    from tests.simulation.evening import Evening

LINK = re.compile(r"/p/([\w-]+)")


@dataclass(frozen=True, slots=True)
class Taken:
    """One message the provider has: when, under which key, for whom, and the secret of the link in it."""

    at: dt.datetime
    key: str
    to: str
    link: str


@dataclass(frozen=True, slots=True)
class Name:
    """What an attempt key says."""

    incident: int
    generation: int
    step: int

    @property
    def run(self) -> tuple[int, int]:
        return self.incident, self.generation


def name_of(key: str) -> Name:
    """A page's key is `page:{incident}:{generation}:{step}:{person}:{channel}`."""
    incident, generation, step = key.split(":")[1:4]
    return Name(int(incident), int(generation), int(step))


@dataclass(slots=True)
class Provider:
    """Takes it, refuses it for now, is silent, takes it and the answer is lost, is slow, or is out for minutes.

    `honours_key` False: like mail, it takes a repeat as a second message.
    """

    evening: Evening
    honours_key: bool
    out_until: dt.datetime
    log: list[Taken] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    def send(self, parcel: Parcel) -> Sent | Refusal:
        evening = self.evening
        evening.note_send(parcel)
        if evening.faults:
            if evening.now < self.out_until:
                self._fail("out for minutes")
            fate = evening.dice.random() / evening.harsh
            if fate < 0.06:
                self._fail("refused for now")
            if fate < 0.11:
                evening.doubts[parcel.key] += 1
                self._fail("silence, not taken", maybe_arrived=True)
            self._take(parcel)
            if fate < 0.17:
                evening.doubts[parcel.key] += 1
                self._fail("taken, answer lost", maybe_arrived=True)
            if fate < 0.25:
                self.seen["slow"] += 1
                evening.pass_time(dt.timedelta(seconds=evening.dice.choice((8, 20, 40, 40))))
                evening.meanwhile()
            elif fate < 0.30:
                self.seen["stopped while sending"] += 1
                evening.stop_the_sender()
        else:
            self._take(parcel)
        return Sent("250")

    def _take(self, parcel: Parcel) -> None:
        if self.honours_key and parcel.key in self.keys:
            self.seen["repeat known by its key"] += 1
            return
        self.keys.add(parcel.key)
        found = LINK.search(parcel.text or parcel.body.decode())
        self.log.append(Taken(self.evening.now, parcel.key, parcel.to, found.group(1) if found else ""))

    def _fail(self, how: str, *, maybe_arrived: bool = False) -> None:
        self.seen[how] += 1
        raise Failed(how, maybe_arrived=maybe_arrived)
