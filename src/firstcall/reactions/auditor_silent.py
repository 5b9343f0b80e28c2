"""When the auditor falls silent, or is heard again: tell every admin, by each way they can be reached."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.kinds import Parcel, Skip, sends, stores
from firstcall.deliver.models.job import Job
from firstcall.deliver.models.lapse import Lapse
from firstcall.journal.spoken import wall
from firstcall.people.models.user import Access
from firstcall.people.queries.contact import ways_of_all
from firstcall.people.queries.people import active_people
from firstcall.respond.rules.wall_time import zone_named


@stores("reactions.auditor_silent", lane="page")
def auditor_silent(job: Job, *, now: dt.datetime) -> None:
    """One message a person and way: that it is silent, or, once that was said, that it is back."""
    lapse = Lapse.objects.get(pk=job.payload["lapse"])
    end = lapse.ended_at is not None
    admins = {user.pk: user for user in active_people() if user.access == Access.ADMIN}
    for number, ways in ways_of_all(admins.values()).items():
        for way in ways:
            plan_job(
                "reactions.auditor_word",
                key=f"lapse:{lapse.pk}:{'end' if end else 'begin'}:{number}:{way.name}",
                now=now,
                payload={
                    "lapse": lapse.pk, "end": end, "channel": way.channel, "to": way.address,
                    "zone": admins[number].zone,
                },
                rank=40,
            )  # fmt: skip


@sends("reactions.auditor_word", lane="page")
def auditor_word(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """Nothing when it was heard again before this could leave."""
    lapse, end = Lapse.objects.get(pk=job.payload["lapse"]), bool(job.payload["end"])
    if lapse.ended_at is not None and lapse.ended_at <= now and not end:
        return Skip("it is heard again")
    at = wall(lapse.since, zone_named(job.payload["zone"]))
    if end:
        subject = _("Firstcall's watchdog is heard again")
        text = _("It was silent since {at}. Pages are watched over again.").format(at=at)
    else:
        subject = _("Firstcall's watchdog is silent since {at}").format(at=at)
        text = _(
            "Pages still leave, but nobody checks that they do, and the pings to the outside have stopped. "
            "See that the web process runs; ‘firstcall doctor’ says what is wrong."
        )
    if job.payload["channel"] == "webhook":
        body = json.dumps({"type": "auditor", "v": 1, "silent": not end, "text": f"{subject}. {text}"}).encode()
        return Parcel("webhook", to=job.payload["to"], key=job.key, body=body)
    return Parcel("mail", to=job.payload["to"], key=job.key, subject=subject, text=f"{text}\n{settings.BASE_URL}\n")
