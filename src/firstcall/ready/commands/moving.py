"""Moving in from another system: it is read first, looked at, and then made as a whole or not at all."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from firstcall.deliver.transport import Unreachable, check_url
from firstcall.journal.commands.entry import record
from firstcall.journal.wake import announce
from firstcall.kernel.actor import Actor
from firstcall.kernel.clock import zones
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import Say, mark, plain, say
from firstcall.people.commands.person import NewPerson, add_people, note_ways
from firstcall.people.models.user import User
from firstcall.ready.commands.flow import free_slugs
from firstcall.ready.events import MOVE_BEGUN, MOVE_DONE, MOVE_DROPPED
from firstcall.ready.models.component import Component
from firstcall.ready.models.moving import Move, Moved, MoveState, System
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.models.schedule import Calendar, Override, Rotation, RotationMember, Schedule
from firstcall.ready.moving.fields import Unreadable
from firstcall.ready.moving.systems import read_answers, read_file
from firstcall.ready.queries.moving import here_now, taken_of
from firstcall.ready.queries.oncall import stored
from firstcall.ready.rules.moving import Cover, Line, Person, Policy, Rota, Service, Taken, Way, What, decide_moves
from firstcall.ready.rules.turns import mark_of as layers_mark
from firstcall.ready.rules.turns import settled

LONGEST_READING = dt.timedelta(hours=2)
KEPT = dt.timedelta(days=30)
KEPT_ROWS = 200  # of what was made, in the journal
T = TypeVar("T")


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
    zone = ZoneInfo(settings.ENV["FIRSTCALL_ZONE"])

    def dress(fact: object) -> str:
        return f"{fact.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(fact, dt.datetime) else str(fact)

    return plain(Say(_(why.text), why.facts), dress)


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
                _Writer(row.system, lines, by, now, marks=dict(here.marks)).write()
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
        done = [f"{one.noun} {one.name}" for one in lines if one.what in ("made", "changed") and one.noun != "way"]
        record(
            MOVE_DONE, by=by, now=now, subject=f"move:{row.pk}", system=row.get_system_display(), **counts,
            rows=done[:KEPT_ROWS],
        )  # fmt: skip
    return row


@dataclass(slots=True)
class _Writer:
    """Makes what the lines say; `ids` are our numbers by noun and origin.

    A known number of statements, however much it is: while it writes, nobody else does. What the commands of each noun
    would refuse the rule has sorted out before.
    """

    system: str
    lines: Sequence[Line]
    by: Actor
    now: dt.datetime
    marks: dict[str, str]
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def write(self) -> None:
        self.ids = {(one.noun, one.origin): one.number for one in self.lines if one.number is not None}
        self._people()
        self._schedules()
        overrides = [
            (line, Override(schedule_id=self.ids["schedule", line.rota], user_id=self.ids["person", one.person],
                            starts=one.starts, ends=one.ends))
            for line, one in self._made(Cover)
        ]  # fmt: skip
        self._keep(overrides, Override.objects.bulk_create([row for _line, row in overrides]))
        self._paths()
        slugs = free_slugs(Component, [one.name for _line, one in self._made(Service)])
        parts = [
            (line, Component(name=one.name, slug=slug))
            for (line, one), slug in zip(self._made(Service), slugs, strict=True)
        ]
        self._keep(parts, Component.objects.bulk_create([row for _line, row in parts]))
        Moved.objects.bulk_create(
            [
                Moved(
                    system=self.system, noun=noun, origin=origin, number=number, moved_at=self.now,
                    mark=self.marks.get(origin, "") if noun == "schedule" else "",
                )
                for (noun, origin), number in self.ids.items()
            ],
            update_conflicts=True, unique_fields=["system", "noun", "origin"],
            update_fields=["number", "mark", "moved_at"],
        )  # fmt: skip

    def _made(self, form: type[T]) -> list[tuple[Line, T]]:
        return [(line, line.thing) for line in self.lines if line.what == "made" and isinstance(line.thing, form)]

    def _keep(self, pairs: Sequence[tuple[Line, Any]], rows: Sequence[Any]) -> None:
        for (line, _unsaved), row in zip(pairs, rows, strict=True):
            self.ids[line.noun, line.origin] = row.pk

    def _people(self) -> None:
        ways: dict[str, list[Way]] = {}
        for line, way in self._made(Way):
            ways.setdefault(line.origin, []).append(way)
        fresh = self._made(Person)
        users = add_people(
            people=[
                NewPerson(one.name, one.mail, one.access, _zone(one), *_of(ways.pop(one.origin, ())))
                for _line, one in fresh
            ],
            by=self.by, now=self.now,
        )  # fmt: skip
        self._keep(fresh, users)
        known = User.objects.in_bulk([self.ids["person", origin] for origin in ways])
        note_ways(
            ways=[(known[self.ids["person", origin]], *_of(more)) for origin, more in ways.items()], by=self.by,
            now=self.now,
        )  # fmt: skip

    def _schedules(self) -> None:
        """Those that are made, and new layers for those that have changed there."""
        pairs = self._made(Rota)
        rows = Schedule.objects.bulk_create([Schedule(name=one.name, zone=one.zone) for _line, one in pairs])
        self._keep(pairs, rows)
        changed = {
            line.number: line.thing
            for line in self.lines
            if line.what == "changed" and line.number is not None and isinstance(line.thing, Rota)
        }
        old = list(Schedule.objects.filter(pk__in=changed))
        Calendar.objects.filter(schedule__in=old).delete()
        Rotation.objects.filter(schedule__in=old).delete()
        rotas = list(zip(rows, (one for _line, one in pairs), strict=True)) + [(row, changed[row.pk]) for row in old]
        for row, one in rotas:
            row.zone = one.zone
            self.marks[one.origin] = layers_mark(
                settled(turns, tuple(str(self.ids["person", origin]) for origin in turns.members))
                for turns in one.turns
            )
        Schedule.objects.bulk_update(old, ["zone"])
        layers = [(row, one, place, turns) for row, one in rotas for place, turns in enumerate(one.turns)]
        followed = [(row, place) for row, _one, place, turns in layers if turns.calendar]
        calendars = dict(
            zip(
                followed,
                Calendar.objects.bulk_create(
                    [Calendar(schedule=row, name=one.name, url=t.calendar) for row, one, _at, t in layers if t.calendar]
                ),
                strict=True,
            )
        )
        rotations = Rotation.objects.bulk_create(
            [
                Rotation(
                    schedule=row, position=place, name=turns.name, zone="" if turns.zone == one.zone else turns.zone,
                    length_days=turns.length_days, length_hours=turns.length_hours, handover=turns.handover,
                    starts=turns.starts, until=turns.until, windows=[stored(window) for window in turns.windows],
                    calendar=calendars.get((row, place)),
                )
                for row, one, place, turns in layers
            ]
        )  # fmt: skip
        RotationMember.objects.bulk_create(
            [
                RotationMember(rotation=rotation, order=order, user_id=self.ids["person", origin])
                for rotation, (_row, _one, _place, turns) in zip(rotations, layers, strict=True)
                for order, origin in enumerate(turns.members)
            ]
        )

    def _paths(self) -> None:
        pairs = self._made(Policy)
        rows = EscalationPath.objects.bulk_create([EscalationPath(name=one.name) for _line, one in pairs])
        self._keep(pairs, rows)
        EscalationStep.objects.bulk_create(
            [
                EscalationStep(
                    path=row, order=order, wait_minutes=call.wait,
                    schedule_id=self.ids[call.noun, call.origin] if call.noun == "schedule" else None,
                    user_id=self.ids[call.noun, call.origin] if call.noun == "person" else None,
                )
                for row, (_line, one) in zip(rows, pairs, strict=True)
                for order, call in enumerate(one.calls)
            ]
        )  # fmt: skip


def _of(ways: Sequence[Way]) -> tuple[str, tuple[str, ...]]:
    """The number and the mail addresses."""
    phone = next((way.address for way in ways if way.kind == "phone"), "")
    return phone, tuple(way.address for way in ways if way.kind == "mail")


def _zone(one: Person) -> str:
    """The person's own clock, or the organisation's when we don't know theirs."""
    return one.zone if one.zone in zones() else str(settings.ENV["FIRSTCALL_ZONE"])
