"""The digest by mail: planned once a day, looked at again right before it is sent."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from firstcall.deliver.kinds import Parcel, Skip, manages, sends
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.digest import plan_digest
from firstcall.detect.queries.group import waiting_digest
from firstcall.detect.queries.provider_status import said_lately
from firstcall.people.queries.people import person

MOST = 30


@manages("detect.digest", lane="bulk", every=60.0)
def run_due(*, now: dt.datetime) -> int:
    """Plan today's mails when their hour has come; 0, for there is never more to plan."""
    plan_digest(now=now)
    return 0


@sends("detect.digest_mail", lane="bulk")
def digest_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """One reader's mail; nothing when all was answered meanwhile, or the reader left."""
    reader = person(job.payload["user"])
    if reader is None:
        return Skip("the reader has no account any more")
    groups = list(waiting_digest(viewer=reader))
    providers = said_lately(now=now)
    if not groups and not providers:
        return Skip("nothing waits any more")
    count = len(groups) + len(providers)
    context = {
        "reader": reader,
        "groups": groups[:MOST],
        "count": count,
        "providers": providers,
        "more": max(0, len(groups) - MOST),
        "link": settings.BASE_URL + reverse("digest"),
        "now": now,
    }
    return Parcel(
        channel="mail",
        to=reader.email,
        key=job.key,
        subject=ngettext("Digest: {n} thing waits", "Digest: {n} things wait", count).format(n=count),
        text=render_to_string("detect/mail/digest.txt", context),
        html=render_to_string("detect/mail/digest.html", context),
    )
