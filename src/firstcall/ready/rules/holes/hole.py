"""One hole: what it is, what it could cost, and where it is mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.cost import Hour

RANK = {"critical": 0, "important": 1, "minor": 2}
Topic = Literal["people", "needs", "alerts", "words", "true"]
TOPICS: dict[Topic, str] = {
    "people": _("Who answers"),
    "needs": _("What we depend on"),
    "alerts": _("Alerts"),
    "words": _("Words, figures and numbers"),
    "true": _("Staying true"),
}


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


Looked = tuple[Topic, Hole | None]


def an_hour(hour: Hour) -> Say | None:
    return say(_("About {cost} an hour."), cost=hour.money) if hour.money is not None and hour.most else None
