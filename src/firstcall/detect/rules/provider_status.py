"""What a provider's public status says, what of it is news, and when to look again. Silence is never 'well'."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _

WELL, DEGRADED, DOWN, MAINTENANCE, UNKNOWN = "well", "degraded", "down", "maintenance", "unknown"
GRAVITY = {DOWN: 4, DEGRADED: 3, UNKNOWN: 2, MAINTENANCE: 1, WELL: 0}
CALM, CLOSE, MOST = dt.timedelta(minutes=2), dt.timedelta(minutes=1), dt.timedelta(minutes=30)
TOO_OLD = dt.timedelta(minutes=20)  # an answer older than this proves nothing any more
RECENT = dt.timedelta(days=1)

OVER = frozenset({"resolved", "completed", "postmortem", "canceled", "cancelled", "not started yet"})
PLANNED = frozenset({"scheduled"})
WORKING = frozenset({"in progress", "verifying"})
OPEN = frozenset({"investigating", "identified", "monitoring", "update"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a provider told. `state` is one of the five words, `open` whether it lasts; `at` is UTC or None.

    `parts` names what it touches; empty: nothing was said about that. `text` goes into the digest alone.
    """

    key: str
    title: str
    state: str
    open: bool
    at: dt.datetime | None = None
    url: str = ""
    parts: tuple[str, ...] = ()
    text: str = ""

    @property
    def digest(self) -> str:
        """Differs when anything that a reader could see differs."""
        seen = "\x1f".join((self.title, self.state, str(self.open), *self.parts, self.text))
        return hashlib.blake2b(seen.encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer, understood. `overall` is the page's own word, None where a feed has none; `parts` name to state."""

    kind: str
    entries: tuple[Entry, ...]
    parts: Mapping[str, str]
    overall: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state`, why it is that, and since when as far as it says so (UTC)."""

    state: str
    why: Say
    since: dt.datetime | None = None


def entry_state(word: str) -> tuple[str, bool]:
    """State and openness by the last word of an incident ('Monitoring', 'Resolved', 'In progress')."""
    known = word.strip().lower().replace("_", " ")
    if known in OVER or known in PLANNED:
        return WELL, False
    if known in WORKING:
        return MAINTENANCE, True
    return (DEGRADED, True) if known in OPEN else (UNKNOWN, True)


def news_of(before: Mapping[str, str], entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """(new, changed) against the digests known by key, each key once."""
    once = {entry.key: entry for entry in entries}
    new = tuple(entry for key, entry in once.items() if key not in before)
    changed = tuple(entry for key, entry in once.items() if before.get(key, entry.digest) != entry.digest)
    return new, changed


def decide_state(reading: Reading, *, ours: Sequence[str], now: dt.datetime) -> Verdict:
    """How the provider is for us. `ours` are the parts of its page that we use; empty: all of them."""
    mine = {name.strip().casefold() for name in ours if name.strip()}
    if mine and reading.parts:
        return _of_parts(reading, mine)
    open_ones = [one for one in reading.entries if one.open and (not mine or not one.parts or _touches(one, mine))]
    told = [one for one in open_ones if one.state != UNKNOWN]
    if told:
        worst = max(told, key=lambda one: GRAVITY[one.state])
        state = worst.state
        if not mine and reading.overall is not None and GRAVITY[reading.overall] > GRAVITY[state]:
            state = reading.overall
        return Verdict(state, say(_("It says: {title}"), title=worst.title), worst.at)
    if not mine and reading.overall is not None:
        if reading.overall == WELL:
            return Verdict(WELL, say(_("It says that all is well.")))
        sick = sorted(name for name, state in reading.parts.items() if state == reading.overall)
        if sick:
            return Verdict(reading.overall, say(_("It says so of {parts}."), parts=", ".join(sick[:3])))
        return Verdict(reading.overall, say(_("Its page says so, without an incident.")))
    late = [one for one in open_ones if one.at is None or one.at > now - RECENT]
    if late:
        return Verdict(UNKNOWN, say(_("It tells of '{title}' and not whether that lasts."), title=late[0].title))
    if not reading.entries:
        return Verdict(UNKNOWN, say(_("Its feed is empty: that proves nothing.")))
    return Verdict(WELL, say(_("No incident is open in its feed.")))


def _touches(entry: Entry, mine: set[str]) -> bool:
    return any(part.casefold() in mine for part in entry.parts)


def _of_parts(reading: Reading, mine: set[str]) -> Verdict:
    found = {name: state for name, state in reading.parts.items() if name.casefold() in mine}
    missing = mine - {name.casefold() for name in found}
    if found:
        name, state = max(found.items(), key=lambda item: GRAVITY[item[1]])
        if state in (DOWN, DEGRADED):
            began = [one.at for one in reading.entries if one.open and one.at is not None and _touches(one, mine)]
            return Verdict(state, say(_("It says so of {parts}."), parts=name), min(began, default=None))
    if missing:
        text = _("Its page has no part named {parts} any more.")
        return Verdict(UNKNOWN, say(text, parts=", ".join(sorted(missing))))
    told = [one for one in reading.entries if one.open and one.state in (DOWN, DEGRADED) and _touches(one, mine)]
    if told:
        worst = max(told, key=lambda one: GRAVITY[one.state])
        return Verdict(worst.state, say(_("It says: {title}"), title=worst.title), worst.at)
    if state == WELL:
        return Verdict(WELL, say(_("It says that the parts we use are well.")))
    return Verdict(state, say(_("It says so of {parts}."), parts=name))


def shown_state(state: str, *, read_at: dt.datetime | None, now: dt.datetime) -> str:
    """What may be shown of it: an answer that is too old, or was never given, is 'unknown'."""
    return UNKNOWN if read_at is None or now - read_at > TOO_OLD else state


def next_look(
    *, number: int, state: str, failures: int, now: dt.datetime, asked_to_wait: dt.timedelta | None = None
) -> dt.datetime:
    """When to ask again: every two minutes, every one while it is not well, ever later while it does not answer.

    Up to a fifth is added by the provider's `number`, so that not all are asked at once. `asked_to_wait` is its own
    Retry-After, kept up to a day.
    """
    wait = min(CLOSE * 2 ** min(failures, 10), MOST) if failures else (CALM if state == WELL else CLOSE)
    share = hashlib.blake2b(str(number).encode(), digest_size=2).digest()
    wait += wait * (int.from_bytes(share) / 65536) * 0.2
    if asked_to_wait is not None:
        wait = max(wait, min(asked_to_wait, dt.timedelta(days=1)))
    return now + wait
