"""Holes get a person and a day, or are accepted by name; each day is kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import DAY_AND_CLOCK, dresser, organisation_zone, speak
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.events import HOLE_ACCEPTED, HOLE_GIVEN, HOLE_REOPENED
from firstcall.ready.models.readiness import HoleCare, ReadinessDay, ReadinessLately
from firstcall.ready.queries.readiness import today
from firstcall.ready.rules.holes.hole import Hole, kept_hole
from firstcall.ready.rules.readiness import Readiness

FAR = dt.timedelta(days=366)
MOST = 60  # holes that are kept between two reckonings


def words_of(hole: Hole) -> str:
    """The hole as plain text, times by the organisation's clock."""
    return speak(hole.sentence, dresser(organisation_zone(), DAY_AND_CLOCK))


def give_hole(*, hole: Hole, person: User, due: dt.date, by: Actor, now: dt.datetime) -> HoleCare:
    """Somebody mends it by a day. Raises Refused for a day that is over or more than a year off."""
    _check_day(due, now=now, field="due")
    if not person.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=person.name), field="person")
    with transaction.atomic():
        care, _made = HoleCare.objects.update_or_create(
            key=hole.key,
            defaults={"person": person, "due": due, "accepted_by": None, "reason": "", "accepted_until": None},
        )
        record(
            HOLE_GIVEN, by=by, now=now, subject=f"hole:{hole.key}"[:80], hole=words_of(hole), user=person.name,
            due=due.isoformat(),
        )  # fmt: skip
    return care


def accept_hole(*, hole: Hole, reason: str, until: dt.date, person: User, by: Actor, now: dt.datetime) -> HoleCare:
    """`person` takes it upon them to live with it until a day. It keeps its place and its price on the list.

    Raises Refused without a reason, and for a day that is over or more than a year off.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why it may stay open: whoever reads this at night wants to know."), field="reason")
    _check_day(until, now=now, field="until")
    with transaction.atomic():
        care, _made = HoleCare.objects.update_or_create(
            key=hole.key,
            defaults={
                "person": None, "due": None, "accepted_by": person, "reason": reason[:300], "accepted_until": until,
            },
        )  # fmt: skip
        record(
            HOLE_ACCEPTED, by=by, now=now, subject=f"hole:{hole.key}"[:80], hole=words_of(hole), reason=reason[:300],
            until=until.isoformat(),
        )  # fmt: skip
    return care


def reopen_hole(*, hole: Hole, by: Actor, now: dt.datetime) -> None:
    """It is nobody's, and accepted by nobody, again."""
    with transaction.atomic():
        if HoleCare.objects.filter(key=hole.key).delete()[0]:
            record(HOLE_REOPENED, by=by, now=now, subject=f"hole:{hole.key}"[:80], hole=words_of(hole))


def _check_day(day: dt.date, *, now: dt.datetime, field: str) -> None:
    if day < today(now):
        raise Refused(_("Choose a day that is still to come."), field=field)
    if day > today(now) + FAR:
        raise Refused(_("Choose a day within a year: it should be looked at again."), field=field)


def keep_lately(*, readiness: Readiness, upto: int, now: dt.datetime) -> None:
    """What was found now, for `lately` to give; `upto` is the newest entry of the journal that was known."""
    holes = [kept_hole(hole) for hole in readiness.holes[:MOST]]
    rest = len(readiness.holes) - len(holes)
    with transaction.atomic():
        ReadinessLately.objects.update_or_create(
            pk=1, defaults={"reckoned_at": now, "upto": upto, "holes": holes, "rest": rest}
        )


def keep_day(*, readiness: Readiness, now: dt.datetime) -> bool:
    """Store how much holds today, once a day; whether this was the first time."""
    holes = [
        {"key": hole.key, "text": words_of(hole), "ends": hole.ends.isoformat() if hole.ends else ""}
        for hole in readiness.holes
    ]
    with transaction.atomic():
        _row, made = ReadinessDay.objects.get_or_create(
            day=today(now), defaults={"holds": readiness.holds, "of": readiness.of, "holes": holes}
        )
    return made
