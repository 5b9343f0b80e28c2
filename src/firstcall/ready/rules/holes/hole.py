"""One hole: what it is, what it could cost, and where it is mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from firstcall.kernel.keep import kept, told
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


def kept_hole(hole: Hole) -> dict[str, Any]:
    """The hole as plain JSON, its sentences still to be translated and dressed."""
    row = {name: getattr(hole, name) for name in ("key", "topic", "page", "slug", "rank", "cost")}
    return row | {
        "sentence": kept(hole.sentence),
        "price": kept(hole.price) if hole.price else None,
        "verb": kept(hole.verb),
        "ends": hole.ends.isoformat() if hole.ends else None,
    }


def told_hole(row: dict[str, Any]) -> Hole:
    """What `kept_hole` was given."""
    return Hole(
        key=row["key"], topic=row["topic"], sentence=told(row["sentence"]),
        price=told(row["price"]) if row["price"] else None, page=row["page"], slug=row["slug"], verb=told(row["verb"]),
        rank=row["rank"], cost=row["cost"], ends=dt.datetime.fromisoformat(row["ends"]) if row["ends"] else None,
    )  # fmt: skip


Looked = tuple[Topic, Hole | None]


def an_hour(hour: Hour) -> Say | None:
    return say(_("About {cost} an hour."), cost=hour.money) if hour.money is not None and hour.most else None
