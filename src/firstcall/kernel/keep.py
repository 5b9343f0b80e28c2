"""Sentences as JSON and back, for rows that keep what a rule said; they are still translated and dressed when shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from firstcall.kernel.say import Count, Money, MoneyRange, Say, Term

Kept = dict[str, Any]


def kept(sentence: Say) -> Kept:
    """The sentence as plain JSON. A fact of a kind that `Say` doesn't name is kept as its text."""
    return {"text": sentence.text, "facts": {name: _kept(fact) for name, fact in sentence.facts.items()}}


def told(row: Kept) -> Say:
    """What `kept` was given."""
    return Say(row["text"], {name: _told(fact) for name, fact in row["facts"].items()})


def _kept(fact: object) -> Any:
    match fact:
        case None | bool() | int() | float() | str():
            return fact
        case dt.datetime():
            return {"at": fact.isoformat()}
        case Count():
            return {"n": fact.n, "one": fact.one, "many": fact.many}
        case Money():
            return {"amount": fact.amount}
        case MoneyRange():
            return {"low": fact.low, "high": fact.high}
        case Term():
            return {"term": fact.text}
    return str(fact)


def _told(fact: Any) -> object:
    match fact:
        case {"at": at}:
            return dt.datetime.fromisoformat(at)
        case {"n": n, "one": one, "many": many}:
            return Count(n, one, many)
        case {"amount": amount}:
            return Money(amount)
        case {"low": low, "high": high}:
            return MoneyRange(low, high)
        case {"term": text}:
            return Term(text)
    return fact
