"""One thing at a time: whatever wants a person goes through here, in one order.

A promise about to break, a person blocked, an empty role, a question from the facts, a record to complete. What
was put off stays off for ten minutes unless its fact changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from firstcall.kernel.say import Say

PUT_OFF_LASTS = dt.timedelta(minutes=10)


class Order(IntEnum):
    """The classes of what wants a person, the first first."""

    PROMISE = 0
    BLOCKED = 1
    EMPTY_ROLE = 2
    QUESTION = 3
    RECORD = 4


@dataclass(frozen=True, slots=True)
class Act:
    """A further button: it posts `fields` to `target`."""

    verb: Say
    target: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing that wants a person.

    `key` names it, `fact` is what it stands on (when that changes, putting it off no longer holds). `sentence` says
    what to do, `note` why. `verb` is the button, `target` where it leads (a path, or '#name' in the page);
    `how` says whether the button opens that place, posts to it, or dials it. `role` is the role it is asked of, ""
    for a person; `room` is the number of the incident it is about, if any. With `other_fields` the second button posts
    them, else it opens its place.
    """

    order: Order
    key: str
    fact: str
    sentence: Say
    verb: Say
    target: str
    note: Say | None = None
    how: Literal["open", "post", "dial"] = "open"
    other_verb: Say | None = None
    other_target: str = ""
    due_at: dt.datetime | None = None
    severity: int = 4
    role: str = ""
    room: int | None = None
    fields: tuple[tuple[str, str], ...] = ()
    other_fields: tuple[tuple[str, str], ...] = ()
    also: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Off:
    """A prompt put off: until when, and the fact it stood on then."""

    fact: str
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """`head` is the one thing to do now, `rest` what comes after, `off` how many were put off."""

    head: Prompt | None
    rest: tuple[Prompt, ...]
    off: int
    roles: Mapping[str, tuple[str, ...]]


FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


def _place(prompt: Prompt) -> tuple[int, dt.datetime, int, str]:
    return (prompt.order, prompt.due_at or FAR, prompt.severity, prompt.key)


def is_off(prompt: Prompt, offs: Mapping[str, Off], *, now: dt.datetime) -> bool:
    """Was it put off less than ten minutes ago, with its fact still the same?"""
    off = offs.get(prompt.key)
    return off is not None and off.fact == prompt.fact and now < off.until


def queue_of(prompts: Iterable[Prompt], *, offs: Mapping[str, Off], now: dt.datetime) -> Queue:
    """The queue of one person. The same key asked of several roles is asked once, with all its roles named."""
    roles: dict[str, list[str]] = {}
    seen: dict[str, Prompt] = {}
    off = 0
    for prompt in sorted(prompts, key=_place):
        if prompt.role and prompt.role not in roles.setdefault(prompt.key, []):
            roles[prompt.key].append(prompt.role)
        if prompt.key in seen:
            continue
        seen[prompt.key] = prompt
    waiting = []
    for prompt in seen.values():
        if is_off(prompt, offs, now=now):
            off += 1
        else:
            waiting.append(prompt)
    return Queue(
        head=waiting[0] if waiting else None,
        rest=tuple(waiting[1:]),
        off=off,
        roles={key: tuple(names) for key, names in roles.items()},
    )
