"""An incident's timeline as a person reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import KINDS, present
from firstcall.journal.models.entry import Entry
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.entry import entries_of

A_PAGE = 40
FILTERS = {
    "all": _("All"),
    "decisions": _("Decisions"),
    "words": _("Words sent"),
    "people": _("People"),
    "machine": _("Machine"),
}
CSS = {"break": "k-break", "machine": "k-machine", "words": "k-words", "decision": "k-decision"}
PROMISED = {"due_at": _("Promised for"), "next_due_at": _("Next promised for"), "look_again_at": _("Look again at")}
QUOTED = ("text", "quote")  # facts that carry words as they were sent


@dataclass(frozen=True, slots=True)
class Line:
    """`lead` is who (strong), `rest` what they did, `quote` the words as sent, `note` why, `due` what they promised."""

    number: int
    at: dt.datetime
    glyph: str
    css: str
    lead: str
    rest: str
    quote: str
    note: str
    due: dt.datetime | None
    due_words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """`older` is the number to ask on from, None when this is all."""

    lines: tuple[Line, ...]
    chosen: str
    older: int | None


def timeline_of(incident: Incident, *, chosen: str, before: int | None, without: Sequence[str] = ()) -> Timeline:
    """The newest entries first, forty a page, `without` some kinds. One statement."""
    chosen = chosen if chosen in FILTERS else "all"
    rows = entries_of(incident)
    if without:
        rows = rows.exclude(kind__in=without)
    if chosen != "all":
        rows = rows.filter(kind__in=[name for name, kind in KINDS.items() if kind.filter == chosen])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: A_PAGE + 1])
    lines = tuple(_line(entry) for entry in found[:A_PAGE])
    return Timeline(lines, chosen, lines[-1].number if len(found) > A_PAGE else None)


def _line(entry: Entry) -> Line:
    kind = KINDS.get(entry.kind)
    glyph = kind.glyph if kind else "machine"
    facts = entry.facts.data
    sentence = present(entry.kind, by=entry.by_name, facts=facts)
    names = [name for name in (entry.by_name, facts.get("user"), facts.get("owner")) if isinstance(name, str) and name]
    quote = next((str(facts[name]) for name in QUOTED if facts.get(name)), "")
    if quote and sentence.endswith(quote):
        sentence = sentence[: -len(quote)].rstrip(" :")
    lead = next((name for name in names if sentence.startswith(name)), "")
    reason = facts.get("reason", "")
    due, due_words = next(
        ((at, str(words)) for name, words in PROMISED.items() if (at := _instant(facts.get(name))) is not None),
        (None, ""),
    )
    return Line(
        number=entry.pk,
        at=entry.at,
        glyph=glyph,
        css=CSS.get(glyph, ""),
        lead=lead,
        rest=_ended(sentence[len(lead) :]),
        quote=quote,
        note=reason if isinstance(reason, str) and reason and reason not in sentence else "",
        due=due,
        due_words=due_words,
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", "!", ".", "…")) else f"{sentence}."


def _instant(text: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
