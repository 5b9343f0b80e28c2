"""Moving in from another system: it is read first, looked at, and then made as a whole or not at all."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from firstcall.deliver.transport import Unreachable, check_url
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import DAY_AND_CLOCK, dresser, organisation_zone, speak
from firstcall.journal.wake import announce
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import Say, mark, say
from firstcall.ready.commands.moving_row import MovingWriter
from firstcall.ready.events import MOVE_BEGUN, MOVE_DONE, MOVE_DROPPED
from firstcall.ready.models.moving import Move, MoveState, System
from firstcall.ready.moving.fields import Unreadable
from firstcall.ready.moving.systems import read_answers, read_file
from firstcall.ready.queries.moving import here_now, taken_of
from firstcall.ready.rules.moving import Line, What, decide_moves
from firstcall.ready.rules.taken import Taken

LONGEST_READING = dt.timedelta(hours=2)
KEPT = dt.timedelta(days=30)
KEPT_ROWS = 200  # of what was made, in the journal
DOES = ("made", "changed", "removed")


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"moving" + settings.DATA_KEY).digest()))


def key_of(move: Move) -> str:
    """The key it was given, '' when it is forgotten."""
    try:
        return _box().decrypt(move.key.encode()).decode()
    except InvalidToken:
        return ""


def words(why: Say) -> str:
    """A reason as plain text, times by the organisation's clock."""
    return speak(why, dresser(organisation_zone(), DAY_AND_CLOCK))


def begin_move(*, system: str, address: str, key: str, by: Actor, now: dt.datetime) -> Move:
    """Ask a system for everything, on the worker. The key is kept encrypted until that ends. Raises Refused."""
    address, key = address.strip().rstrip("/"), key.strip()
    if system not in System.values:
        raise Refused(_("Choose where you come from."), field="system")
    if not key or not key.isascii() or not key.isprintable() or len(key) > 500:
        raise Refused(_("Give a key that may read everything."), field="key")
    try:
        check_url(address)
    except Unreachable as error:
        raise Refused(str(error), field="address") from None
    parts = urlsplit(address)
    if parts.query or parts.fragment or len(address) > 500:
        raise Refused(_("Give the address of its API alone, without ? and #."), field="address")
    host = parts.hostname or ""
    if parts.scheme == "http" and "." in host and not host.replace(".", "").isdecimal():
        raise Refused(
            _("The key would travel in the open: give an address that begins with https://."), field="address"
        )
    return _begin(Move(system=system, address=address, key=_box().encrypt(key.encode()).decode(), due=now), by, now)


def begin_from_file(*, system: str, body: bytes, by: Actor, now: dt.datetime) -> Move:
    """Read a file with what the system answers. Raises Refused."""
    if system not in System.values:
        raise Refused(_("Choose where you come from."), field="system")
    try:
        taken = read_file(system, body, now=now)
    except Unreadable as wrong:
        raise Refused(words(wrong.why), field="file") from None
    move = Move(system=system, state=MoveState.READ, read_at=now, taken=_stored(taken))
    return _begin(move, by, now)


def _begin(move: Move, by: Actor, now: dt.datetime) -> Move:
    """A new reading takes the place of those of the same system that came to nothing."""
    with transaction.atomic():
        Move.objects.filter(system=move.system).exclude(state=MoveState.DONE).delete()
        move.begun_at, move.by_id = now, _person(by)
        move.save()
        record(MOVE_BEGUN, by=by, now=now, subject=f"move:{move.pk}", system=move.get_system_display())
        announce()
    return move


def _person(by: Actor) -> int | None:
    return by.id if by.kind == "person" else None


def _stored(taken: Taken) -> str:
    return msgspec.json.encode(taken).decode()


def claim_move(*, move: Move, now: dt.datetime, for_: dt.timedelta) -> bool:
    """Whether this worker may ask on; no other does for as long."""
    return bool(Move.objects.filter(pk=move.pk, due=move.due).update(due=now + for_))


def answers_of(move: Move) -> dict[str, Any]:
    """What was answered so far, by path."""
    found: dict[str, Any] = msgspec.json.decode(move.answers) if move.answers else {}
    return found


def keep_answers(*, move: Move, answers: dict[str, Any], due: dt.datetime, why: Say | None, now: dt.datetime) -> None:
    """What was answered so far; it is asked on at `due`, unless it has taken too long already."""
    if now - move.begun_at > LONGEST_READING:
        note_failure(move=move, why=why or say(mark("It took longer than two hours: begin again.")))
        return
    word = words(why)[:500] if why else ""
    kept = msgspec.json.encode(answers).decode()
    Move.objects.filter(pk=move.pk, state=MoveState.READING).update(answers=kept, due=due, word=word)


def keep_taken(*, move: Move, answers: dict[str, Any], now: dt.datetime) -> None:
    """All is answered: read it, and forget the key."""
    try:
        taken = read_answers(move.system, answers, now=move.begun_at)
    except Unreadable as wrong:
        note_failure(move=move, why=wrong.why)
        return
    Move.objects.filter(pk=move.pk, state=MoveState.READING).update(
        state=MoveState.READ, read_at=now, taken=_stored(taken), key="", answers="", due=None, word=""
    )


def note_failure(*, move: Move, why: Say) -> None:
    """It can't be read; the key is forgotten."""
    Move.objects.filter(pk=move.pk, state=MoveState.READING).update(
        state=MoveState.FAILED, word=words(why)[:500], key="", answers="", due=None
    )


def forget_old(*, now: dt.datetime) -> None:
    """What was read a month ago is needed no more."""
    Move.objects.filter(begun_at__lt=now - KEPT).exclude(state=MoveState.DONE).delete()
    Move.objects.filter(begun_at__lt=now - KEPT).exclude(taken="").update(taken="")


def drop_move(*, move: Move, by: Actor, now: dt.datetime) -> None:
    """Nothing of it is kept. Raises Refused for one that is done: it says what was made."""
    with transaction.atomic():
        if not Move.objects.filter(pk=move.pk).exclude(state=MoveState.DONE).delete()[0]:
            raise Refused(_("That has moved in already."))
        record(MOVE_DROPPED, by=by, now=now, subject=f"move:{move.pk}", system=move.get_system_display())


def mark_of(lines: Sequence[Line]) -> str:
    """What was looked at: another mark means that something would go otherwise."""
    return hashlib.sha256(repr([(one.noun, one.origin, one.name, one.what) for one in lines]).encode()).hexdigest()[:32]


def move_in(*, move: Move, seen: str, by: Actor, now: dt.datetime) -> Move:
    """Do what the preview with the mark `seen` said. Nobody is woken, mailed or invited.

    Raises Refused when something would go otherwise by now, and then nothing has changed.
    """
    with transaction.atomic():
        row = Move.objects.select_for_update().get(pk=move.pk)
        if row.state != MoveState.READ:
            raise Refused(_("That has moved in already."))
        taken, here = taken_of(row), here_now(row.system)
        lines = decide_moves(taken, here, now=now)
        if mark_of(lines) != seen:
            raise Refused(_("Something has changed since you looked: look again."))
        try:
            with transaction.atomic():
                MovingWriter(row.system, lines, by, now, marks=dict(here.marks)).write()
        except DatabaseError as error:
            raise Refused(_("Nothing was moved: the store refused it ({what}).").format(what=error)) from None
        slim = replace(
            taken, policies=(), services=(), people=tuple(replace(one, ways=()) for one in taken.people)
        )  # fmt: skip
        row.state, row.done_at, row.taken, row.by_id = MoveState.DONE, now, _stored(slim), _person(by)
        row.report = [
            {"noun": one.noun, "name": one.name, "what": one.what, "why": words(one.why)} for one in lines
        ]  # fmt: skip
        row.save()
        counts = {what: sum(one.what == what for one in lines) for what in get_args(What)}
        done = [f"{one.noun} {one.name}" for one in lines if one.what in DOES and one.noun != "way"]
        record(
            MOVE_DONE, by=by, now=now, subject=f"move:{row.pk}", system=row.get_system_display(), **counts,
            rows=done[:KEPT_ROWS],
        )  # fmt: skip
    return row
