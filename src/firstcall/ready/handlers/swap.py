"""The mails of a swap: the question to the one, the answer to the other; once more to both while there is none."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.people.models.user import User
from firstcall.ready.commands.swap import REMINDERS, WORD
from firstcall.ready.models.swap import Swap


@sends(WORD, lane="update")
def swap_word(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """Nothing is answered by opening the link: the page asks."""
    row = Swap.objects.select_related("schedule", "asker", "asked").filter(pk=job.payload["swap"]).first()
    if row is None:
        return Skip("the schedule is gone")
    what = job.payload["what"]
    asks = what in ("asked", "reminded")
    reader = row.asked if asks else row.asker
    if not reader.is_active:
        return Skip("the account has ended")
    if (asks or what in REMINDERS) and row.answered_at is not None:
        return Skip("it was answered")
    subject = {
        "asked": _("{asker} asks you to take a shift: {schedule}"),
        "reminded": _("{asker} still waits for your answer about a shift: {schedule}"),
        "unanswered": _("{asked} has not answered: the shift stays yours: {schedule}"),
        "accepted": _("{asked} takes your shift: {schedule}"),
        "declined": _("{asked} can't take your shift: {schedule}"),
    }[what].format(asker=row.asker.name, asked=row.asked.name, schedule=row.schedule.name)
    lines = [_("From {starts} until {ends}.").format(**_times(row.starts, row.ends, reader))]
    if row.back_starts is not None and row.back_ends is not None:
        words = _("In return {asker} takes {asked}'s shift from {starts} until {ends}.")
        times = _times(row.back_starts, row.back_ends, reader)
        lines.append(words.format(asker=row.asker.name, asked=row.asked.name, **times))
    if row.note and asks:
        lines.append(row.note)
    if what == "reminded":
        lines.append(_("Without your yes the shift stays with {asker}.").format(asker=row.asker.name))
    if what == "unanswered":
        lines.append(
            _("Nobody has said yes, so you are on call then. Ring {asked}, or ask somebody else.").format(
                asked=row.asked.name
            )
        )
    url = settings.BASE_URL + reverse("swap", args=[row.pk])
    lines.append((_("Say yes or no here:") if asks else _("See it here:")) + f"\n{url}")
    return Parcel("mail", to=reader.email, key=job.key, subject=subject, text="\n\n".join(lines) + "\n")


def _times(starts: dt.datetime, ends: dt.datetime, reader: User) -> dict[str, str]:
    """In words, by the reader's clock."""
    local = [moment.astimezone(ZoneInfo(reader.zone)) for moment in (starts, ends)]
    words = [f"{date_format(moment, 'l j F Y')}, {moment:%H:%M} {moment.tzname()}" for moment in local]
    return {"starts": words[0], "ends": words[1]}
