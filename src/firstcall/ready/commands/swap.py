"""Swaps: a colleague is asked to take a shift; what they accept becomes overrides at once, anything else nothing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.journal.kinds import Kind
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.schedule import add_override
from firstcall.ready.events import SWAP_ACCEPTED, SWAP_ASKED, SWAP_ENDED
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.models.swap import Swap, SwapAnswer
from firstcall.ready.queries.oncall import Plan, plan_of
from firstcall.ready.rules.swap import reminds_at
from firstcall.ready.rules.window import Span

WORD = "ready.swap_word"
REMINDERS = ("reminded", "unanswered")  # to the asked; to the asker: it stays theirs
FAR = dt.timedelta(days=92)


def ask_swap(
    *,
    schedule: Schedule,
    asker: User,
    asked: User,
    shift: Span,
    by: Actor,
    now: dt.datetime,
    back: Span | None = None,
    note: str = "",
) -> Swap:
    """Ask `asked` to take a shift of `asker`, and perhaps give `back` one of theirs; mails ask them, twice.

    Until they accept nothing changes. Raises Refused for shifts that are over or somebody else's.
    """
    if asked.pk == asker.pk or not asked.is_active:
        raise Refused(_("Choose a colleague."), field="asked")
    _check_length(shift, field="shift")
    if back is not None:
        _check_length(back, field="back")
    with transaction.atomic():
        _check_holders(schedule, asker, asked, shift, back, now=now)
        row = Swap.objects.create(
            schedule=schedule, asker=asker, asked=asked, starts=max(shift.starts, now), ends=shift.ends,
            back_starts=max(back.starts, now) if back else None, back_ends=back.ends if back else None,
            note=" ".join(note.split())[:300], asked_at=now,
        )  # fmt: skip
        _tell(SWAP_ASKED, row, by=by, now=now)
        _mail(row, "asked", now=now)
        again = reminds_at(asked_at=now, starts=shift.starts)
        for what in REMINDERS if again is not None else ():
            _mail(row, what, now=now, due=again)
    return row


def accept_swap(*, swap: Swap, by: Actor, now: dt.datetime) -> Swap:
    """They change places. Accepting twice changes nothing; Refused when it has ended, or the shifts have changed."""
    with transaction.atomic():
        row = _locked(swap)
        if row.answer == SwapAnswer.ACCEPTED:
            return row
        _refuse_ended(row)
        shift = Span(row.starts, row.ends)
        back = None if row.back_starts is None or row.back_ends is None else Span(row.back_starts, row.back_ends)
        _check_holders(row.schedule, row.asker, row.asked, shift, back, now=now)
        for user, span in ((row.asked, shift), (row.asker, back)):
            if span is not None:
                add_override(
                    schedule=row.schedule, user=user, starts=max(span.starts, now), ends=span.ends, by=by, now=now
                )
        _end(row, SwapAnswer.ACCEPTED, now=now)
        _tell(SWAP_ACCEPTED, row, by=by, now=now)
        _mail(row, "accepted", now=now)
    return row


def decline_swap(*, swap: Swap, by: Actor, now: dt.datetime) -> Swap:
    """The asked can't, or the asker takes it back: `by` says which. Twice changes nothing; Refused once accepted."""
    with transaction.atomic():
        row = _locked(swap)
        if row.answer == SwapAnswer.ACCEPTED:
            raise Refused(_("This has been accepted already: ask again, the other way round."))
        if row.answered_at is None:
            _end(row, SwapAnswer.WITHDRAWN if by.id == row.asker_id else SwapAnswer.DECLINED, now=now)
            _tell(SWAP_ENDED, row, by=by, now=now, words=str(row.get_answer_display()))
            if row.answer == SwapAnswer.DECLINED:
                _mail(row, "declined", now=now)
    return row


def _locked(swap: Swap) -> Swap:
    """The row, with its schedule locked first: two answers about one shift come one after the other."""
    Schedule.objects.select_for_update().get(pk=swap.schedule_id)
    rows = Swap.objects.select_for_update(of=("self",)).select_related("schedule", "asker", "asked")
    return rows.get(pk=swap.pk)


def _refuse_ended(row: Swap) -> None:
    if row.answered_at is not None:
        raise Refused(_("This has ended: {how}.").format(how=row.get_answer_display()))


def _check_length(span: Span, *, field: str) -> None:
    if span.ends <= span.starts:
        raise Refused(_("It must end after it begins."), field=field)
    if span.ends - span.starts > FAR:
        raise Refused(_("Three months at most: change the rotation instead."), field=field)


def _check_holders(
    schedule: Schedule, asker: User, asked: User, shift: Span, back: Span | None, *, now: dt.datetime
) -> None:
    """Raise Refused unless each holds, from now on, the whole of what they would give."""
    plan = plan_of(schedule)
    for user, span, field in ((asker, shift, "shift"), (asked, back, "back")):
        if span is not None and span.ends <= now:
            raise Refused(_("That shift is over already."), field=field)
        if span is not None and not _holds(plan, user, span, now=now):
            raise Refused(_("{name} does not hold this shift, or no longer.").format(name=user.name), field=field)


def _holds(plan: Plan, user: User, span: Span, *, now: dt.datetime) -> bool:
    return all(held.user == user.pk for held in plan.shifts(start=max(span.starts, now), end=span.ends))


def _end(row: Swap, answer: SwapAnswer, *, now: dt.datetime) -> None:
    row.answer, row.answered_at = answer, now
    row.save(update_fields=["answer", "answered_at"])


def _tell(kind: Kind, row: Swap, *, by: Actor, now: dt.datetime, words: str = "") -> None:
    record(
        kind, by=by, now=now, subject=f"swap:{row.pk}", asker=row.asker.name, asked=row.asked.name,
        schedule=row.schedule.name, words=words,
    )  # fmt: skip


def _mail(row: Swap, what: str, *, now: dt.datetime, due: dt.datetime | None = None) -> None:
    plan_job(
        WORD, key=f"swap:{row.pk}:{what}", now=now, due=due, payload={"swap": row.pk, "what": what},
        subject=f"swap:{row.pk}",
    )  # fmt: skip
