"""Sentences that a rule returns: the words apart from the facts, so that a page can translate and dress both.

Rules know no Django, so they can't translate. They mark their words with `_` (the tool that gathers translations
finds them by that name) and give the facts beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def mark(text: str) -> str:
    """Marks words for translation and returns them as they are. Import it as `_`."""
    return text


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its noun: Count(3, "{n} alert", "{n} alerts")."""

    n: int
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Money:
    """Major units of the organisation's currency."""

    amount: int


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """From `low` to `high`, in major units of the organisation's currency; one figure when both are the same."""

    low: int
    high: int


def roughly(amount: float) -> int:
    """An estimate as people say one: three figures, and tens from a hundred on (12,345 is 12,300; 497 is 500)."""
    whole = round(amount)
    step = 1 if abs(whole) < 100 else max(10, 10 ** (len(str(abs(whole))) - 3))
    return round(whole / step) * step


@dataclass(frozen=True, slots=True)
class Term:
    """One of our own words inside a sentence: translated by whoever shows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """`text` is a format string over `facts`: strings, numbers, aware instants in UTC, Count, Money, MoneyRange
    and Term."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)


def say(text: str, **facts: object) -> Say:
    """A sentence with its facts."""
    return Say(text, facts)


def _one_or_many(one: str, many: str, n: int) -> str:
    return one if n == 1 else many


def plain(
    sentence: Say,
    dress: Callable[[object], str] = str,
    *,
    translate: Callable[[str], str] = str,
    choose: Callable[[str, str, int], str] = _one_or_many,
) -> str:
    """The sentence as text. `dress` writes instants and amounts; `translate` turns our words, `choose` a counted noun
    into another language: as they stand, if nothing else is said."""
    facts = {name: fact_words(fact, dress, translate=translate, choose=choose) for name, fact in sentence.facts.items()}
    return translate(sentence.text).format_map(facts)


def fact_words(
    fact: object,
    dress: Callable[[object], str],
    *,
    translate: Callable[[str], str],
    choose: Callable[[str, str, int], str],
) -> str:
    """One fact as text."""
    if isinstance(fact, Count):
        return choose(fact.one, fact.many, fact.n).format(n=f"{fact.n:,}")
    if isinstance(fact, Term):
        return translate(fact.text)
    if isinstance(fact, str):
        return fact
    return dress(fact)
