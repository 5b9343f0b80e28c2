"""Marks under words that a customer should not be told: each with its place and a better phrase.

A small honest check by patterns: it marks what it finds and is silent otherwise; a person decides. Nothing here is
refused: what is sent all the same stands on the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Fix:
    """Put `words` where `start` to `end` stands now; empty words leave it out."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """`start` and `end` are places in the text; a mark about the whole text has both 0.

    `better` says what to do; `fix` does it in one tap where a phrase can be given without knowing more.
    """

    kind: str
    start: int
    end: int
    text: str
    why: str
    better: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`instead` gives ready phrases by the lower-case words found; `whole`: the whole sentence is to go."""

    kind: str
    pattern: re.Pattern[str]
    why: str
    better: str
    instead: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    audiences: tuple[str, ...] = ("public", "support", "leadership", "inside")
    tones: tuple[str, ...] = ("grave", "serious", "plain")


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)


OUTSIDE = ("public", "support")
TIME = r"(?:\d{1,2}[:.]\d{2}|\d+\s*(?:minutes?|mins?|hours?|h)\b|(?:an|the next) hour|tonight|tomorrow|noon|midnight)"
DONE = r"(?:fixed|resolved|restored|back|working|solved|repaired|done|up|online|available|normal)"
RULES: tuple[Rule, ...] = (
    Rule(
        "eta",
        re.compile(
            rf"\b(?:{DONE}(?: again| up| online| to normal)*"
            rf" (?:by|in|within|before|at|until)(?: about| around)? {TIME}"
            rf"|(?:will|should|shall|expect(?:ed)?(?: it)? to|going to)(?: be| take| have)?[^.!?\n]{{0,60}}?"
            rf"\b(?:by|in|within|before) (?:about |around |the next )?{TIME}"
            rf"|(?:ETA|estimated time)[^.!?\n]{{0,20}}?{TIME})",
            re.IGNORECASE,
        ),
        _("It promises a time, and nothing said here backs it."),
        _("Leave it out, and say when the next word comes."),
        whole=True,
    ),
    Rule(
        "eta_vague",
        _words("soon", "shortly", "any (?:minute|moment)(?: now)?", "momentarily", "in no time", "very quickly"),
        _("It promises without saying when."),
        _("Leave it out, and say when the next word comes."),
        whole=True,
    ),
    Rule(
        "speculation",
        _words(
            "probably", "possibly", "perhaps", "maybe", "might (?:be|have)", "may (?:be|have been) (?:caused|due)",
            "we (?:think|believe|suspect|assume|guess)", "seems? to be", "most likely", "likely(?: caused| due)",
            "apparently", "could be", "presumably",
        ),
        _("It guesses at what is not known yet."),
        _("Say what is known, and that the rest is not known yet."),
        audiences=("public", "support", "leadership"),
    ),
    Rule(
        "jargon",
        _words(
            "5\\d\\d(?: errors?)?", "latency", "database", "DNS", "API", "back-?end", "deploy(?:ment|ed)?", "rollback",
            "roll(?:ed|ing)? back", "hotfix", "clusters?", "pods?", "nodes?", "failover", "cach(?:e|ing)", "endpoints?",
            "upstream", "root cause", "mitigat(?:e|ed|ion|ing)", "degraded performance", "replicas?", "timeouts?",
            "elevated error rates?", "servers?", "instances?", "infrastructure",
        ),
        _("A customer need not know this word."),
        _("Say what the customer sees."),
        instead={
            "latency": _("slowness"),
            "degraded performance": _("slowness"),
            "root cause": _("cause"),
            "rollback": _("taking the change back"),
            "rolled back": _("took back"),
            "rolling back": _("taking back"),
            "deployment": _("change"),
            "hotfix": _("repair"),
            "mitigated": _("made better"),
            "elevated error rates": _("failures"),
            "elevated error rate": _("failures"),
        },
        audiences=("public",),
    ),
    Rule(
        "softening",
        _words(
            "just", "only a (?:few|handful)", "a (?:very )?small (?:number|amount|subset|portion)", "minor",
            "slight(?:ly)?", "brief(?:ly)?", "small hiccups?", "hiccups?", "glitch(?:es)?", "blips?", "some slowness",
            "a bit of", "any inconvenience(?: this may have caused)?",
        ),
        _("It makes less of what people are in the middle of."),
        _("Give the number, or leave the word out."),
        instead={
            "small hiccup": _("failure"),
            "hiccup": _("failure"),
            "glitch": _("failure"),
            "blip": _("failure"),
            "just": "",
            "minor": "",
            "slight": "",
            "slightly": "",
            "brief": "",
            "briefly": "",
            "a bit of": "",
        },
        audiences=("public", "support"),
    ),
    Rule(
        "blame",
        re.compile(
            r"\b(?:due to|because of|caused by|(?:the )?fault of|thanks to)\s+(?:one of )?(?:our|the|a)?\s*"
            r"(?:third[- ]party |external |upstream |payment |cloud )?"
            r"(?:provider|vendor|partner|third[- ]party|supplier|engineer|developer|team|contractor|employee|customer)"
            r"s?\b",
            re.IGNORECASE,
        ),
        _("It names somebody as at fault."),
        _("Say what is being done."),
        audiences=("public", "support"),
    ),
    Rule(
        "tone",
        re.compile(
            r"(?:\b(?:oops|whoops|no worries|hang tight|bear with us|stay tuned|sit tight|good news|yay|hooray)\b|!+)",
            re.IGNORECASE,
        ),
        _("It is too light for how bad this is."),
        _("Say it plainly."),
        instead={"!": ".", "!!": ".", "!!!": "."},
        audiences=OUTSIDE,
        tones=("grave", "serious"),
    ),
    Rule(
        "alarm",
        _words(
            "catastroph(?:e|ic)", "disaster(?:ous)?", "emergency", "crisis", "massive", "severe(?:ly)?", "meltdown",
            "critical(?:ly)?",
        ),
        _("It is louder than what happened."),
        _("Say what is hurt, and for whom."),
        tones=("plain",),
    ),
)  # fmt: skip
NEXT_WORD = ("next update", "next word", "hear from us", "update", "post", "write", "news", "inform", "tell you")
PAST = re.compile(r"\b(?:was|were|been|is|are|had|came|went)(?: fully| now| all)? $", re.IGNORECASE)


def check_words(
    text: str, *, audience: str, says_next: bool, tone: str = "serious", has_basis: bool = False
) -> list[Mark]:
    """Marks in the order of the text; those about the whole of it first.

    `says_next`: the time of the next word is sent beside the text, or none is owed. `tone` is the severity table's.
    `has_basis`: somebody said on what a time of repair rests, so that it may be given.
    """
    found: list[Mark] = []
    for rule in RULES:
        if audience in rule.audiences and tone in rule.tones and not (rule.kind == "eta" and has_basis):
            found += _marks(rule, text)
    if not says_next and not re.search(r"next (?:update|word)|hear from us", text, re.IGNORECASE):
        found.append(
            Mark("no_next", 0, 0, "", _("It does not say when the next word comes."), _("Give the next time."))
        )
    return sorted(found, key=lambda one: (one.start, one.end))


def _marks(rule: Rule, text: str) -> Iterator[Mark]:
    for match in rule.pattern.finditer(text):
        words = match.group(0)
        if rule.kind == "eta" and _is_no_promise(text, match.start(), words):
            continue
        yield Mark(rule.kind, match.start(), match.end(), words, rule.why, rule.better, _fix(rule, text, match))


def _is_no_promise(text: str, start: int, words: str) -> bool:
    """'You hear from us by 23:25' promises a word, 'it was fixed at 23:10' tells what happened."""
    about_words = any(word in words.lower() for word in NEXT_WORD) or text[:start].lower().rstrip().endswith("update")
    return about_words or PAST.search(text[:start]) is not None


def _fix(rule: Rule, text: str, match: re.Match[str]) -> Fix | None:
    if rule.whole:
        return _without_sentence(text, match.start(), match.end())
    words = match.group(0)
    better = rule.instead.get(words.lower())
    if better is None:
        return None
    start, end = match.start(), match.end()
    if better == "":
        end += len(text[end:]) - len(text[end:].lstrip(" "))
    elif words[0].isupper():
        better = better[0].upper() + better[1:]
    return Fix(start, end, better)


def _without_sentence(text: str, start: int, end: int) -> Fix:
    """The sentence around a place, with the space before it."""
    begin = max((text.rfind(stop, 0, start) + len(stop) for stop in (". ", "! ", "? ", "\n") if stop in text[:start]),
                default=0)  # fmt: skip
    stop = re.compile(r"[.!?](?=\s|$)|\n|$").search(text, end)
    finish = stop.end() if stop else len(text)
    while begin > 0 and text[begin - 1] == " ":
        begin -= 1
    if begin == 0:
        while finish < len(text) and text[finish] == " ":
            finish += 1
    return Fix(begin, finish, "")


def apply_fix(text: str, fix: Fix) -> str:
    """The text with one better phrase in it."""
    return (text[: fix.start] + fix.words + text[fix.end :]).strip()
