"""Marks under words that a customer should not be told: each with its place and a better phrase.

A small honest check by patterns: it marks what it finds and is silent otherwise; a person decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Mark:
    """`start` and `end` are places in the text; a mark about the whole text has both 0."""

    kind: str
    start: int
    end: int
    text: str
    why: str
    better: str


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)


TIME = r"(?:\d{1,2}[:.]\d{2}|\d+\s*(?:minutes?|mins?|hours?|h)\b|an hour|tonight|tomorrow|noon|midnight)"
RULES: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "eta",
        re.compile(
            rf"\b(?:(?:fixed|resolved|restored|back|working|solved|repaired|done|up)(?: again)?"
            rf"(?: (?:by|in|within|before|at|until))(?: about| around)? {TIME}"
            rf"|(?:will|should|expect(?:ed)? to)(?: be| take)?[^.]{{0,40}}(?:by|in|within) {TIME})",
            re.IGNORECASE,
        ),
        _("A time of repair is a promise; nothing here backs it."),
        _("Say when the next word comes instead."),
    ),
    (
        "eta_vague",
        _words("soon", "shortly", "any (?:minute|moment)(?: now)?", "momentarily", "in no time"),
        _("It promises without saying when."),
        _("Say when the next word comes instead."),
    ),
    (
        "speculation",
        _words(
            "probably", "possibly", "might be", "may be (?:caused|due)", "we (?:think|believe|suspect|assume)",
            "seems? to be", "likely(?: caused| due)?", "apparently", "could be",
        ),
        _("It guesses at what is not known yet."),
        _("Say what is known, and that the rest is not known yet."),
    ),
    (
        "jargon",
        _words(
            "5\\d\\d errors?", "latency", "database", "DNS", "API", "backend", "back-end", "deploy(?:ment|ed)?",
            "rollback", "roll(?:ed|ing)? back", "hotfix", "cluster", "pods?", "node", "failover", "cache", "endpoint",
            "upstream", "root cause", "mitigat(?:e|ed|ion)", "degraded performance", "replica", "timeout threshold",
        ),
        _("A customer need not know this word."),
        _("Say what the customer sees."),
    ),
    (
        "softening",
        _words(
            "just", "only a (?:few|handful)", "a (?:very )?small (?:number|amount|subset)", "minor", "slight(?:ly)?",
            "brief(?:ly)?", "small hiccup", "hiccup", "glitch", "some slowness",
        ),
        _("It makes less of what someone is in the middle of."),
        _("Give the number, or leave the word out."),
    ),
    (
        "blame",
        re.compile(
            r"\b(?:due to|because of|caused by|fault of)\s+(?:our|the|a)?\s*"
            r"(?:provider|vendor|partner|third[- ]party|supplier|engineer|team|contractor)\b",
            re.IGNORECASE,
        ),
        _("It names somebody as at fault."),
        _("Say what is being done."),
    ),
)  # fmt: skip


def check_words(text: str, *, audience: str, says_next: bool) -> list[Mark]:
    """Marks in the order of the text. Jargon and blame are for the public and support only.

    `says_next`: the time of the next word is sent beside the text.
    """
    found = []
    for kind, pattern, why, better in RULES:
        if kind in ("jargon", "blame") and audience not in ("public", "support"):
            continue
        found += [Mark(kind, m.start(), m.end(), m.group(0), why, better) for m in pattern.finditer(text)]
    found = [one for one in found if not (one.kind == "eta" and _is_next_word(text, one.start))]
    if not says_next and not re.search(r"next (?:update|word)", text, re.IGNORECASE):
        found.append(
            Mark("no_next", 0, 0, "", _("It does not say when the next word comes."), _("Give the next time."))
        )
    return sorted(found, key=lambda one: (one.start, one.end))


def _is_next_word(text: str, start: int) -> bool:
    """'You hear from us by 23:25' promises a word, not a repair."""
    before = text[max(0, start - 60) : start + 40].lower()
    return any(words in before for words in ("next update", "next word", "hear from us", "update you", "write again"))
