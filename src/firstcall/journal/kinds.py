"""The registry of journal kinds. A kind is declared once, with the sentence that presents it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    `name` is `noun.past`. `sentence` is a format string over `by` and the entry's facts, already translated lazily.
    `glyph` is the icon of the timeline. `regions` are the parts of a screen that must be fetched again.
    `filter` is the timeline's filter it belongs to: decisions, words, people or machine.
    """

    name: str
    sentence: Text
    glyph: str
    regions: tuple[str, ...]
    filter: str


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    sentence: Text,
    *,
    glyph: str = "machine",
    regions: tuple[str, ...] = (),
    filter: str = "machine",
) -> Kind:
    """Declare a kind; called at import from each room's `events.py`. A name can be declared once."""
    if name in KINDS:
        raise ValueError(f"the journal kind {name} is declared twice")
    KINDS[name] = Kind(name, sentence, glyph, regions, filter)
    return KINDS[name]


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def present(name: str, *, by: str, facts: dict[str, Any]) -> str:
    """The sentence of an entry, as plain text. A redacted or older entry with missing facts shows '…' for them."""
    known = KINDS.get(name)
    if known is None:
        return name
    return str(known.sentence).format_map(_Facts(facts, by=by))
