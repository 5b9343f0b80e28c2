"""Asks other systems on, a few requests at a time."""

from __future__ import annotations

import datetime as dt
from functools import cache

from firstcall.deliver.kinds import manages
from firstcall.deliver.transport import Transport
from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.commands.moving import (
    answers_of,
    claim_move,
    forget_old,
    keep_answers,
    keep_taken,
    key_of,
    note_failure,
)
from firstcall.ready.models.moving import Move
from firstcall.ready.moving.asking import Asking, Failed, Later
from firstcall.ready.moving.systems import AHEAD, SYSTEMS
from firstcall.ready.queries.moving import moves_due

MINE = dt.timedelta(minutes=2)  # longer than a round with a last slow answer


@cache
def _door() -> Transport:
    return Transport(connections=2)


@manages("ready.moving", lane="feeds", every=15.0, rest=1.0)
def ask_on(*, now: dt.datetime) -> int:
    """One round for one reading that is due; how many are left that could go on at once."""
    move = moves_due(now=now).first()
    if move is None:
        forget_old(now=now)
        return 0
    if claim_move(move=move, now=now, for_=MINE):
        _round(move, now=now)
    return moves_due(now=now).count()


def _round(move: Move, *, now: dt.datetime) -> None:
    other, key = SYSTEMS[move.system], key_of(move)
    if not key:
        note_failure(move=move, why=say(_("The key can’t be read any more: begin again.")))
        return
    answers = answers_of(move)
    asking = Asking(_door().ask, move.address, other.headers(key), answers, size=len(move.answers))
    # All rounds speak of the same two weeks, or a page asked again would be another page.
    since = move.begun_at.replace(microsecond=0)
    try:
        whole = other.take(asking, since=since, until=since + AHEAD)
    except Later as later:
        keep_answers(move=move, answers=answers, due=now + later.wait, why=later.why, now=now)
    except Failed as failed:
        note_failure(move=move, why=failed.why)
    else:
        keep_taken(move=move, answers=whole, now=now)
